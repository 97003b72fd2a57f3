public import RuleEngine
internal import RulePack
internal import SessionModel

/// One line of `failures --format jsonl`.
public struct FailureRecord: Encodable, Sendable {
  public var agent: String
  var project: String
  var session: String
  var file: String
  var line: Int
  var timestamp: String
  var callID: String
  var tool: String
  var toolName: String
  var input: String
  var failed: Bool
  var flagged: Bool
  var masked: Bool
  var category: String
  var rule: OrNull<String>
  var captures: [String: String]
  var tokens: Int
  var tokensMeasured: Bool
  var correction: OrNull<CorrectionRecord>

  enum CodingKeys: String, CodingKey {
    case agent, project, session, file, line, timestamp, tool, input, failed, flagged, masked, category, rule, captures
    case tokens, correction
    case callID = "call_id"
    case toolName = "tool_name"
    case tokensMeasured = "tokens_measured"
  }

  public init(_ observation: Observation, of project: ProjectAnalysis) {
    agent = project.agent
    self.project = project.path
    session = observation.sessionID
    file = observation.location.file
    line = observation.location.line
    timestamp = observation.timestamp
    callID = observation.callID
    tool = observation.tool.rawValue
    toolName = observation.toolName
    input = observation.input
    failed = observation.failed
    flagged = observation.flagged
    masked = observation.masked
    category = observation.category.rawValue
    rule = OrNull(observation.ruleID)
    captures = observation.slots
    tokens = observation.tokens
    tokensMeasured = observation.tokensAreMeasured
    correction = OrNull(observation.correction.map(CorrectionRecord.init))
  }
}

struct CorrectionRecord: Encodable, Sendable {
  var kind: String
  var text: String
  var replaces: String
  var callID: String
  var confidence: Double

  enum CodingKeys: String, CodingKey {
    case kind, text, replaces, confidence
    case callID = "call_id"
  }

  init(_ correction: Correction) {
    kind = correction.kind.rawValue
    text = correction.text
    replaces = correction.from
    callID = correction.callID
    confidence = correction.confidence
  }
}

/// A value that is written as `null` when it is missing, so that every line has the same keys.
struct OrNull<Value: Encodable & Sendable>: Encodable, Sendable {
  var value: Value?

  init(_ value: Value?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}
