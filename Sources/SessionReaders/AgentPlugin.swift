public import SessionModel

/// What a plugin needs of the world around it.
public struct AgentEnvironment: Sendable {
  public var variables: [String: String]
  public var home: String
  /// Folders that may be projects: agents that store only a digest of the path are matched against these.
  public var knownFolders: [String]

  public init(variables: [String: String], home: String, knownFolders: [String] = []) {
    self.variables = variables
    self.home = home
    self.knownFolders = knownFolders
  }

  /// A variable that is set and not empty.
  public subscript(_ name: String) -> String? {
    variables[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// What a plugin found.
public struct Discovery: Sendable {
  public var files: [LogFile]
  public var issues: [LogIssue]
  /// Copies that `files` point into: they go when the last reference to them does.
  public var copies: [TemporaryCopy]

  public init(files: [LogFile] = [], issues: [LogIssue] = [], copies: [TemporaryCopy] = []) {
    self.files = files
    self.issues = issues
    self.copies = copies
  }
}

/// One agent: where its logs are, and how they are read. A new agent is one file that conforms to this.
public protocol AgentPlugin: Sendable {
  /// The name on the command line and in JSON.
  var name: String { get }
  /// The name for people.
  var displayName: String { get }
  /// The rule pack about the agent's own tools: what it teaches concerns no other agent.
  var pack: String { get }
  /// The folder that holds the logs.
  func home(in environment: AgentEnvironment) -> String
  /// All log files, in a stable order, and what could not be looked into. A missing home is not an issue: the agent is
  /// not in use.
  func discover(in environment: AgentEnvironment) -> Discovery
  /// Reads one session from its start to its end. Bad lines become issues of the summary.
  /// - Throws: `ReadError` when the file cannot be read at all.
  func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary
  /// The files that the agent reads before it works on a project.
  func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet
}

/// Where an agent looks for instructions.
public struct ContextFileSet: Sendable, Hashable {
  /// Facts about the project, shared with everyone who works on it.
  public var context: String
  /// The personal twin of the context file, for agents that have one.
  public var personal: String?
  /// What belongs to a person or a machine; nil for agents without such a file.
  public var memory: String?

  public init(context: String, personal: String? = nil, memory: String? = nil) {
    self.context = context
    self.personal = personal
    self.memory = memory
  }
}

extension AgentPlugin {
  /// Named like the agent.
  public var pack: String { name }

  /// What several agents share: AGENTS.md in the project.
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    ContextFileSet(context: project + "/AGENTS.md")
  }
}

/// The agents that are built in.
public enum Agents {
  public static let all: [any AgentPlugin] = [ClaudePlugin(), CodexPlugin(), GeminiPlugin(), OpenCodePlugin()]
}
