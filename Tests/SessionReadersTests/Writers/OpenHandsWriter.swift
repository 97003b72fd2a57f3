import SessionModel

@testable import SessionReaders

struct OpenHandsWriter: SessionWriter {
  var plugin: any AgentPlugin { OpenHandsPlugin() }
  let lacks: Lack = .ids

  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws {
    var number = 0
    func add(_ event: [UInt8]) throws {
      try home.write(event, to: "\(folder)/sessions/s1/events/\(number).json")
      number += 1
    }
    for entry in entries {
      switch entry {
      case .call(let call):
        let action = number
        if call.hasCall { try add(Self.action(of: call, number)) }
        if call.output != nil { try add(Self.observation(of: call, number, cause: action)) }
      case .unknown: try add(Array(#"{"id":7,"from":"the future"}"#.utf8))
      case .junk(let text): try add(Array(text.utf8))
      case .torn(let call): try add(Self.action(of: call, number).dropLast(12))
      }
    }
  }

  private static func action(of call: SessionEntry.Call, _ number: Int) -> [UInt8] {
    Array(
      #"{"id":\#(number),"timestamp":"\#(call.time)","source":"agent","action":"run","args":{"command":\#(quoted(call.command))}}"#
        .utf8)
  }

  private static func observation(of call: SessionEntry.Call, _ number: Int, cause: Int) -> [UInt8] {
    Array(
      #"{"id":\#(number),"timestamp":"\#(call.time)","source":"agent","observation":"run","cause":\#(cause),"extras":{"metadata":{"exit_code":\#(call.exitStatus)}},"content":"#
        .utf8) + quoted(call.output ?? []) + Array("}".utf8)
  }

  func writeEmpty(in folder: String, of home: TestFolder) throws {
    try home.write("", to: folder + "/sessions/s1/events/0.json")
  }
}
