internal import TestSupport

/// One log that is to be made.
struct LogPlan: Sendable {
  var number: Int
  var project: Int
  var folder: String
  var sessionID: String
  /// The name of a subagent; nil for a session of its own.
  var agentID: String?
  /// Bytes that it is to have, about.
  var size: Int
  var lessons: [PlantedLesson]
  /// Milliseconds since 1970.
  var start: Int
  /// Where the file lies, below the folder of the data.
  var path: String
}

/// Writes one log.
struct SessionWriter {
  var json = JSONBytes()
  var random: SplitMix64
  var tally = LogTally()
  let pools: TextPools
  let plan: LogPlan
  let isOlder: Bool
  /// What every record says of where it was made.
  let place: ArraySlice<UInt8>
  let sidechain: String
  var time: Int
  var parent = "null"
  var last = ""
  var message = ""
  var tokens = 0

  init(_ plan: LogPlan, pools: TextPools, seed: UInt64) {
    self.plan = plan
    self.pools = pools
    random = SplitMix64(seed: seed &+ UInt64(plan.number) &* 0x9E37_79B9)
    isOlder = random.chance(Mix.olderKeys)
    time = plan.start
    sidechain = plan.agentID == nil ? "false" : "true"
    var place = JSONBytes()
    place.raw("\"userType\":\"external\",")
    if !isOlder { place.raw("\"entrypoint\":\"cli\",") }
    place.raw(
      "\"cwd\":\"\(plan.folder)\",\"sessionId\":\"\(plan.sessionID)\",\"version\":\"2.1.\(isOlder ? 39 : 92)\",")
    place.raw("\"gitBranch\":\"main\"")
    if let agent = plan.agentID { place.raw(",\"agentId\":\"\(agent)\"") }
    place.raw(",\"slug\":\"\(Lines.word(&random))-\(Lines.word(&random))-\(Lines.word(&random))\"")
    self.place = place.bytes[...]
    json.bytes.reserveCapacity(plan.size + (1 << 16))
  }

  /// Writes the log to its end.
  mutating func write() {
    snapshot()
    prompt()
    var lessons = plan.lessons[...]
    while json.bytes.count < plan.size {
      let due = plan.size * (plan.lessons.count - lessons.count + 1) / (plan.lessons.count + 2)
      if let lesson = lessons.first, json.bytes.count >= due {
        for call in lesson.calls(in: plan.folder) { planted(call) }
        lessons.removeFirst()
      }
      beside()
      if chance(Mix.failures, of: 1000) {
        planted(pick(Mix.failureKinds.map { ($0.kind, $0.share) }).call(in: plan.folder, &random))
      } else {
        call()
      }
    }
    for lesson in lessons { for call in lesson.calls(in: plan.folder) { planted(call) } }
    if plan.size > 3_000_000, chance(1, of: Mix.screenshotEvery / 8) { screenshot() }
    tally.bytes = json.bytes.count
  }

  /// What stands between calls.
  mutating func beside() {
    if chance(Mix.prompts, of: 1000) { prompt() }
    if chance(Mix.pastedImages, of: 1000) { pastedImage() }
    if chance(Mix.snapshots, of: 1000) { snapshot() }
    if chance(Mix.queueOperations, of: 1000) { queueOperation() }
    if chance(Mix.hookAttachments, of: 1000) { hookAttachment() }
    if chance(Mix.otherAttachments, of: 1000) { otherAttachment() }
    if chance(Mix.hookSummaries, of: 1000) { hookSummary() }
    if chance(Mix.shortRecords, of: 1000) { shortRecord() }
    begin()
    if random.chance(Mix.thinking) { thinking() }
    if random.chance(Mix.text) { reply() }
  }

  /// The first part of a call.
  mutating func use(_ tool: String, input: (inout Self) -> Void) -> String {
    let id = "toolu_01" + token(22)
    tally.calls += 1
    hookProgress(id, "PreToolUse:\(tool)")
    assistant {
      $0.json.raw("{\"type\":\"tool_use\",\"id\":\"\(id)\",\"name\":\"\(tool)\",\"input\":{")
      input(&$0)
      $0.json.raw("}}")
    }
    return id
  }

  mutating func result(
    _ id: String, isError: Bool = false, isList: Bool = false, content: (inout Self) -> Void,
    extra: (inout Self) -> Void
  ) {
    let source = last
    record {
      $0.json.raw(
        "\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"tool_use_id\":\"\(id)\",\"type\":\"tool_result\",\"content\":"
      )
      $0.json.raw(isList ? "[{\"type\":\"text\",\"text\":\"" : "\"")
      content(&$0)
      $0.json.raw(isList ? "\"}]" : "\"")
      if isError { $0.json.raw(",\"is_error\":true") }
      $0.json.raw("}]}")
    } tail: {
      $0.json.raw(",\"toolUseResult\":")
      extra(&$0)
      $0.json.raw(",\"sourceToolAssistantUUID\":\"\(source)\"")
    }
    hookProgress(id, "PostToolUse")
  }

  mutating func assistant(_ block: (inout Self) -> Void) {
    let read = Int.random(in: 12_000...160_000, using: &random)
    record {
      $0.json.raw(
        "\"message\":{\"model\":\"claude-opus-4-6\",\"id\":\"\($0.message)\",\"type\":\"message\",\"role\":\"assistant\",\"content\":["
      )
      block(&$0)
      $0.json.raw(
        "],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"cache_creation_input_tokens\":\(read / 40),\"cache_read_input_tokens\":\(read),\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":\(read / 40)},\"output_tokens\":\($0.tokens),\"service_tier\":\"standard\",\"inference_geo\":\"not_available\"}},\"requestId\":\"req_011C\($0.token(20))\",\"type\":\"assistant\""
      )
    }
  }

  /// A new message of the model.
  mutating func begin() {
    message = "msg_01" + token(22)
    tokens = Int.random(in: 1...900, using: &random)
  }

  /// A record that hangs in the tree of the session.
  mutating func record(_ body: (inout Self) -> Void, tail: (inout Self) -> Void = { _ in }) {
    let id = uuid()
    bare {
      $0.json.raw("{\"parentUuid\":\($0.parent),\"isSidechain\":\($0.sidechain),")
      if $0.isOlder {
        $0.json.raw($0.place)
        $0.json.raw(",")
      }
      body(&$0)
      $0.json.raw(",\"uuid\":\"\(id)\",\"timestamp\":\"\($0.stamp())\"")
      tail(&$0)
      if !$0.isOlder {
        $0.json.raw(",")
        $0.json.raw($0.place)
      }
      $0.json.raw("}")
    }
    parent = "\"\(id)\""
    last = id
  }

  mutating func bare(_ body: (inout Self) -> Void) {
    time += Int.random(in: 40...4_000, using: &random)
    let begin = json.bytes.count
    body(&self)
    tally.longestLine = max(tally.longestLine, json.bytes.count - begin)
    json.raw("\n")
    tally.lines += 1
  }

  mutating func field(_ name: String, _ text: ArraySlice<UInt8>) {
    json.raw("\"")
    json.raw(name)
    json.raw("\":")
    quoted(text)
  }

  mutating func quoted(_ text: ArraySlice<UInt8>) {
    json.raw("\"")
    json.raw(text)
    json.raw("\"")
  }

  mutating func image(_ size: Int) {
    json.raw("{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"")
    base64(size)
    json.raw("\"}}")
  }

  mutating func base64(_ size: Int) {
    let end = json.bytes.count + size
    while json.bytes.count < end { pools.base64.lines(end - json.bytes.count, &random) { json.raw($0) } }
  }

  mutating func chance(_ count: Int, of all: Int) -> Bool { Int.random(in: 0..<all, using: &random) < count }

  mutating func pick<Kind>(_ kinds: [(Kind, Int)]) -> Kind {
    var left = Int.random(in: 0..<kinds.reduce(0) { $0 + $1.1 }, using: &random)
    for (kind, share) in kinds.dropLast() {
      left -= share
      if left < 0 { return kind }
    }
    return kinds[kinds.count - 1].0
  }

  mutating func token(_ count: Int) -> String { Identifier.token(count, &random) }

  mutating func uuid() -> String { Identifier.uuid(&random) }

  func stamp() -> String { Identifier.stamp(time) }
}
