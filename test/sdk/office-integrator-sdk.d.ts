/** The part of the official SDK that the conformance suite calls; the package itself has no types. */
declare module '@zoho-corp/office-integrator-sdk' {
  type Text = string | undefined;

  export class AuthBuilder {
    addParam(name: string, value: string): this;
    addHeader(name: string, value: string): this;
    authenticationSchema(flow: unknown): this;
    build(): unknown;
  }
  export class LogBuilder {
    level(level: string): this;
    filePath(path: string): this;
    build(): unknown;
  }
  export const Levels: { INFO: string; OFF: string };
  interface Initializing {
    environment(environment: unknown): this;
    tokens(tokens: readonly unknown[]): this;
    logger(logger: unknown): this;
    initialize(): Promise<void>;
  }
  /** Its constructor returns a promise. */
  export const InitializeBuilder: new () => Promise<Initializing>;
  export namespace ApiServer {
    class Production {
      constructor(serverDomain: string);
    }
  }
  export class StreamWrapper {
    constructor(name: string | null, stream: Uint8Array | null, filePath: string | null);
    getName(): string | undefined;
    getStream(): Uint8Array | undefined;
  }
  export interface Answer {
    statusCode: number;
    object: unknown;
  }

  export namespace V1 {
    class Authentication {
      getTokenFlow(): Promise<unknown>;
    }
    class DocumentInfo {
      setDocumentName(name: string): void;
      setDocumentId(id: string): void;
    }
    class PreviewDocumentInfo {
      setDocumentName(name: string): void;
    }
    class UserInfo {
      setUserId(id: string): void;
      setDisplayName(name: string): void;
    }
    class CallbackSettings {
      setSaveFormat(format: string): void;
      setSaveUrl(url: string): void;
      setHttpMethodType(method: string): void;
      setRetries(retries: number): void;
      setTimeout(timeoutMs: number): void;
      setSaveUrlParams(params: ReadonlyMap<string, unknown>): void;
      setSaveUrlHeaders(headers: ReadonlyMap<string, unknown>): void;
    }
    class Margin {
      setLeft(length: string): void;
      setRight(length: string): void;
      setTop(length: string): void;
      setBottom(length: string): void;
    }
    class DocumentDefaults {
      setOrientation(orientation: string): void;
      setPaperSize(size: string): void;
      setFontName(name: string): void;
      setFontSize(size: number): void;
      setTrackChanges(state: string): void;
      setLanguage(language: string): void;
      setMargin(margin: Margin): Promise<void>;
    }
    class EditorSettings {
      setUnit(unit: string): void;
      setLanguage(language: string): void;
      setView(view: string): void;
    }
    class UiOptions {
      setSaveButton(state: string): void;
      setChatPanel(state: string): void;
      setFileMenu(state: string): void;
      setDarkMode(state: string): void;
    }
    class CreateDocumentParameters {
      setUrl(url: string): void;
      setDocument(document: StreamWrapper): void;
      setCallbackSettings(settings: CallbackSettings): Promise<void>;
      setDocumentDefaults(defaults: DocumentDefaults): Promise<void>;
      setEditorSettings(settings: EditorSettings): Promise<void>;
      setPermissions(permissions: ReadonlyMap<string, unknown>): void;
      setDocumentInfo(named: DocumentInfo): Promise<void>;
      setUserInfo(person: UserInfo): Promise<void>;
      setUiOptions(options: UiOptions): Promise<void>;
    }
    class PreviewParameters {
      setUrl(url: string): void;
      setDocument(document: StreamWrapper): void;
      setDocumentInfo(named: PreviewDocumentInfo): Promise<void>;
      setPermissions(permissions: ReadonlyMap<string, unknown>): void;
    }
    class DocumentConversionParameters {
      setUrl(url: string): void;
      setDocument(document: StreamWrapper): void;
      setOutputOptions(options: DocumentConversionOutputOptions): Promise<void>;
      setPassword(password: string): void;
    }
    class DocumentConversionOutputOptions {
      setFormat(format: string): void;
      setDocumentName(name: string): void;
      setPassword(password: string): void;
      setIncludeChanges(which: string): void;
      setIncludeComments(which: string): void;
    }
    class FileBodyWrapper {
      getFile(): StreamWrapper | undefined;
    }

    class CreateDocumentResponse {
      getDocumentUrl(): Text;
      getDocumentId(): Text;
      getSaveUrl(): Text;
      getSessionId(): Text;
      getSessionDeleteUrl(): Text;
      getDocumentDeleteUrl(): Text;
    }
    class PreviewResponse {
      getPreviewUrl(): Text;
      getDocumentId(): Text;
      getSessionId(): Text;
      getSessionDeleteUrl(): Text;
      getDocumentDeleteUrl(): Text;
    }
    class DocumentMeta {
      getDocumentId(): Text;
      getCollaboratorsCount(): number | undefined;
      getActiveSessionsCount(): number | undefined;
      getDocumentName(): Text;
      getDocumentType(): Text;
      getCreatedTime(): Text;
      getCreatedTimeMs(): bigint | undefined;
      getExpiresOn(): Text;
      getExpiresOnMs(): bigint | undefined;
    }
    class AllSessionsResponse {
      getDocumentId(): Text;
      getCollaboratorsCount(): number | undefined;
      getActiveSessionsCount(): number | undefined;
      getDocumentName(): Text;
      getDocumentType(): Text;
      getCreatedTime(): Text;
      getCreatedTimeMs(): bigint | undefined;
      getExpiresOn(): Text;
      getExpiresOnMs(): bigint | undefined;
      getSessions(): readonly SessionMeta[] | undefined;
    }
    class SessionMeta {
      getStatus(): Text;
      getInfo(): SessionInfo | undefined;
      getUserInfo(): SessionUserInfo | undefined;
    }
    class SessionInfo {
      getDocumentId(): Text;
      getCreatedTimeMs(): bigint | undefined;
      getCreatedTime(): Text;
      getExpiresOnMs(): bigint | undefined;
      getExpiresOn(): Text;
      getSessionUrl(): Text;
      getSessionDeleteUrl(): Text;
    }
    class SessionUserInfo {
      getDisplayName(): Text;
      getUserId(): Text;
    }
    class DocumentDeleteSuccessResponse {
      getDocumentDeleted(): boolean | undefined;
    }
    class DocumentSessionDeleteSuccessResponse {
      getSessionDeleted(): boolean | undefined;
    }
    class InvalidConfigurationException {
      getCode(): number | undefined;
      getMessage(): Text;
      getKeyName(): Text;
      getParameterName(): Text;
    }
    class PlanDetails {
      getUsageLimit(): bigint | undefined;
      getTotalUsage(): bigint | undefined;
      getRemainingUsageLimit(): bigint | undefined;
      getApikeyId(): bigint | undefined;
      getPlanName(): Text;
      getPaymentLink(): Text;
      getSubscriptionInterval(): Text;
      getSubscriptionPeriod(): Text;
      getApikeyGeneratedTime(): Text;
      getApikeyGeneratedTimeMs(): bigint | undefined;
      getLastPaymentDate(): Text;
      getLastPaymentDateMs(): bigint | undefined;
      getNextPaymentDate(): Text;
      getNextPaymentDateMs(): bigint | undefined;
    }

    class V1Operations {
      createDocument(parameters: CreateDocumentParameters | null): Promise<Answer>;
      createDocumentPreview(parameters: PreviewParameters | null): Promise<Answer>;
      getAllSessions(documentId: string): Promise<Answer>;
      getSession(sessionId: string): Promise<Answer>;
      deleteSession(sessionId: string): Promise<Answer>;
      getDocumentInfo(documentId: string): Promise<Answer>;
      deleteDocument(documentId: string): Promise<Answer>;
      convertDocument(parameters: DocumentConversionParameters): Promise<Answer>;
      getPlanDetails(): Promise<Answer>;
    }
  }
}
