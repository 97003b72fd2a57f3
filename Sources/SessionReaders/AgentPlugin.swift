public import SessionModel

/// What a plugin needs of the world around it.
public struct AgentEnvironment: Sendable {
  public var variables: [String: String]
  public var home: String
  /// Folders that may be projects: agents that store only a digest of the path are matched against these.
  public var knownFolders: [String]
  /// Files and folders that were named on the command line; `-` is standard input.
  public var namedLogs: [String]

  public init(variables: [String: String], home: String, knownFolders: [String] = [], namedLogs: [String] = []) {
    self.variables = variables
    self.home = home
    self.knownFolders = knownFolders
    self.namedLogs = namedLogs
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

/// A folder in which an agent keeps its logs.
public struct LogPlace: Sendable, Hashable {
  /// Variables that name it; the first one that is set counts.
  public var variables: [String]
  /// Where it is when none of them is set, below the user's home.
  public var standard: String
  /// What of that folder is the agent's own.
  public var part: String

  public init(_ variables: String..., or standard: String, part: String = "") {
    self.variables = variables
    self.standard = standard
    self.part = part
  }

  public func folder(in environment: AgentEnvironment) -> String {
    let named = variables.compactMap { environment[$0] }.first
    return ([named ?? environment.home] + (named == nil ? [standard] : []) + [part]).filter { !$0.isEmpty }
      .joined(separator: "/")
  }
}

/// Where what is known of a log format comes from.
public enum FormatSource: String, Sendable, Codable, CaseIterable {
  case documentation
  case sourceCode = "source code"
  case realLogs = "real logs"
  case thirdParty = "third parties"
  case inference
  /// A program of others, which knows the format.
  case plugin = "its plugin"
}

/// One agent: where its logs are, and how they are read. A new agent is one file that conforms to this.
public protocol AgentPlugin: Sendable {
  /// The name on the command line and in JSON.
  var name: String { get }
  /// The name for people.
  var displayName: String { get }
  /// The rule pack about the agent's own tools: what it teaches concerns no other agent.
  var pack: String { get }
  /// Where the logs are looked for, the usual place first. Empty for formats that have no place of their own: their
  /// files are named on the command line.
  var places: [LogPlace] { get }
  /// Where what is known of the format comes from.
  var sources: [FormatSource] { get }
  /// Whether its logs are those that are named on the command line.
  var readsNamedLogs: Bool { get }
  /// The folder that holds the logs, as a rule.
  func home(in environment: AgentEnvironment) -> String
  /// All log files, in a stable order, and what could not be looked into. A missing home is not an issue: the agent is
  /// not in use.
  func discover(in environment: AgentEnvironment) -> Discovery
  /// Reads one session from its start to its end. Bad lines become issues of the summary.
  /// - Throws: `ReadError` when the file cannot be read at all.
  func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary
  /// Reads on from a point that an earlier reading of the same file paused at; what stood before it has not changed.
  /// Only for plugins that pause: the usual answer reads the file from its start, which never gives a point.
  func read(_ file: LogFile, after point: ReadingPoint?, into sink: inout some SessionSink) throws(ReadError)
    -> FileSummary
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

  public var readsNamedLogs: Bool { places.isEmpty }

  public func read(
    _ file: LogFile, after point: ReadingPoint?, into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary { try read(file, into: &sink) }

  public func home(in environment: AgentEnvironment) -> String { places.first?.folder(in: environment) ?? "" }

  /// What several agents share: AGENTS.md in the project.
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    ContextFileSet(context: project + "/AGENTS.md")
  }
}

/// The agents that are built in.
public enum Agents {
  public static let all: [any AgentPlugin] = [
    ClaudePlugin(),
    CodexPlugin(),
    GeminiPlugin(),
    OpenCodePlugin(),
    QwenPlugin(),
    CopilotPlugin(),
    GrokPlugin(),
    KimiPlugin(),
    PiPlugin(),
    GoosePlugin(),
    CrushPlugin(),
    ClinePlugin(),
    RooPlugin(),
    OpenHandsPlugin(),
    SWEAgentPlugin(),
    MiniSWEAgentPlugin(),
    ATIFPlugin(),
    ClaudeStreamPlugin(),
    JSONLPlugin(),
  ]

  /// What they are called on the command line.
  public static let names = Set(all.map(\.name))
}
