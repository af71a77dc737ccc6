import type { Accounts } from '../../domain/accounts/accounts.js';
import type { Tickets } from '../../domain/accounts/tickets.js';
import type { AccountArchives } from '../../domain/archive/account-archives.js';
import type { Authorship } from '../../domain/library/authorship.js';
import type { Browsing } from '../../domain/library/browse.js';
import type { LibraryChanges } from '../../domain/library/changes.js';
import type { Editing } from '../../domain/library/editing.js';
import type { Library } from '../../domain/library/library.js';
import type { PagePictures } from '../../domain/library/page-pictures.js';
import type { Shelf } from '../../domain/library/shelf.js';
import type { ShareStore } from '../../domain/sharing/share-store.js';
import type { Sharing } from '../../domain/sharing/sharing.js';
import type { Clock, Scheduler } from '../../domain/time.js';
import type { UploadBudget } from '../kit/upload-budget.js';

/** What the library's page stands on. */
export interface LibraryFaceDeps {
  tickets: Pick<Tickets, 'issue' | 'authenticate' | 'revoke'>;
  accounts: Pick<Accounts, 'isConfirmed' | 'changePassword'>;
  library: Library;
  browsing: Browsing;
  authorship: Authorship;
  shelf: Shelf;
  sharing: Sharing;
  shares: Pick<ShareStore, 'list'>;
  pictures: PagePictures;
  editing: Pick<Editing, 'requireEmpty'>;
  changes: LibraryChanges;
  archives: AccountArchives;
  /** People may open accounts themselves. */
  allowsSignUp?: boolean;
  maxUploadBytes: number;
  uploads: UploadBudget;
  /** The address that people use, or null for the request's own. */
  publicUrl: string | null;
  clock: Clock;
  scheduler: Scheduler;
}
