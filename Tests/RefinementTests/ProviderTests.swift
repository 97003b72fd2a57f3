import Foundation
import Recommendations
import Testing

@testable import Refinement

/// Every provider by what it is sent and what it answers.
struct ProviderTests {
  static let names = ["anthropic", "openai", "gemini"]

  /// A reply as the provider would wrap it.
  static func reply(_ name: String, _ text: String, stop: String? = nil) -> String {
    let quoted = String(decoding: JSON.text(text).bytes, as: UTF8.self)
    return switch name {
    case "anthropic":
      #"{"type":"message","content":[{"type":"thinking","thinking":"{"},{"type":"text","text":\#(quoted)}],"stop_reason":"\#(stop ?? "end_turn")"}"#
    case "gemini":
      #"{"candidates":[{"content":{"parts":[{"text":"Let me {","thought":true},{"text":\#(quoted)}]},"finishReason":"\#(stop ?? "STOP")"}]}"#
    default: #"{"choices":[{"message":{"content":\#(quoted),"refusal":null},"finish_reason":"\#(stop ?? "stop")"}]}"#
    }
  }

  @Test(arguments: names)
  func asksAndReads(_ name: String) throws {
    let (answer, server) = try ask(name, .answer(200, Self.reply(name, goodAnswer)))
    #expect(answer.refinements == goodRefinements)
    let request = try #require(server.requests.first)
    #expect(server.requests.count == 1)
    #expect(!request.url.contains("k-"))
    let header = ["anthropic": "x-api-key", "openai": "authorization", "gemini": "x-goog-api-key"][name]
    #expect(request.headers.filter(\.isSecret).map(\.name) == [header])
    let body = try #require(JSON(request.body))
    let schema =
      body["output_config"]?["format"]?["schema"] ?? body["response_format"]?["json_schema"]?["schema"]
      ?? body["generationConfig"]?["responseJsonSchema"]
    #expect(schema?["required"] == ["refinements"])
    for key in ["temperature", "top_p", "top_k"] { #expect(body[key] == nil) }
  }

  @Test(arguments: names)
  func readsWhatStandsAroundTheAnswer(_ name: String) throws {
    for text in ["```json\n\(goodAnswer)\n```", "Sure! Here it is:\n\n\(goodAnswer)\n\nLet me know."] {
      #expect(try ask(name, .answer(200, Self.reply(name, text))).answer.refinements == goodRefinements)
    }
  }

  @Test(arguments: names)
  func badAnswersAreFailures(_ name: String) throws {
    for text in ["", "{", #"{"unexpected": 1}"#, #"{"refinements": [{"action": "shout", "ids": [], "text": ""}]}"#] {
      let (answer, server) = try ask(name, .answer(200, Self.reply(name, text)))
      #expect(answer.reason.contains("not the JSON"), "\(answer)")
      #expect(server.requests.count == 1)
    }
    for body in ["", "<html>", "[]", "{}", "\u{FF}"] {
      #expect(try ask(name, .answer(200, body)).answer.refinements == nil)
    }
  }

  @Test(arguments: [("anthropic", "max_tokens"), ("openai", "length"), ("gemini", "MAX_TOKENS")])
  func truncationIsSaid(_ name: String, _ stop: String) throws {
    // Also when what came happens to be complete.
    let (answer, _) = try ask(name, .answer(200, Self.reply(name, goodAnswer, stop: stop)))
    #expect(answer.reason.contains("cut off"))
  }

  @Test(arguments: [
    ("anthropic", #"{"content":[],"stop_reason":"refusal","stop_details":{"explanation":"no thanks"}}"#),
    ("openai", #"{"choices":[{"message":{"content":null,"refusal":"no thanks"},"finish_reason":"stop"}]}"#),
    ("openai", #"{"choices":[{"message":{"content":""},"finish_reason":"content_filter"}]}"#),
    ("gemini", #"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}"#),
    ("gemini", #"{"candidates":[{"finishReason":"SAFETY"}]}"#),
  ])
  func refusalsAreSaid(_ name: String, _ body: String) throws {
    #expect(try ask(name, .answer(200, body)).answer.reason.contains("refused"))
  }

  @Test(arguments: names, [400, 401, 402, 403, 404, 413, 307])
  func errorsThatStayAreNotTriedAgain(_ name: String, _ status: Int) throws {
    let (answer, server) = try ask(name, .answer(status, #"{"error":{"message":"scripted words"}}"#))
    #expect(answer.reason.contains("\(status)"))
    #expect(status == 307 || answer.reason.contains("scripted words"))
    #expect(server.requests.count == 1)
  }

  @Test func anOlderServerGetsTheFirstVersion() throws {
    let (answer, server) = try ask(
      "anthropic", .answer(400, #"{"error":{"message":"anthropic-version: unknown version"}}"#),
      .answer(200, Self.reply("anthropic", goodAnswer)))
    #expect(answer.refinements == goodRefinements)
    let versions = server.requests.flatMap(\.headers).filter { $0.name == "anthropic-version" }.map(\.value)
    #expect(versions == ["2026-10-21", "2023-06-01"])
  }

  @Test func aServerWithoutSchemasIsAskedInOtherWays() throws {
    let refusal = ScriptedServer.Step.answer(400, #"{"error":{"message":"response_format is not supported"}}"#)
    let (answer, server) = try ask(
      "x", refusal, refusal, .answer(200, Self.reply("openai", goodAnswer)), baseURL: "http://localhost/v1")
    #expect(answer.refinements == goodRefinements)
    let formats = server.requests.map { JSON($0.body)?["response_format"]?["type"]?.text }
    #expect(formats == ["json_schema", "json_object", nil])
    #expect(server.requests.allSatisfy { $0.url == "http://localhost/v1/chat/completions" })
  }

  @Test func previewShowsEverythingButTheKey() throws {
    for name in Self.names {
      let server = ScriptedServer([.answer(500, "")])
      let choice = try ModelChoice(named: name, baseURL: nil, variables: keys)
      let refiner = ModelRefiner(choice, variables: keys, client: server, clock: server.clock) { _ in }
      let text = try refiner.preview(of: samplePrompt())
      #expect(server.requests.isEmpty)
      #expect(!text.contains("k-"))
      let request = choice.provider.request(for: samplePrompt(), choice)
      #expect(text.hasSuffix(String(decoding: request.body, as: UTF8.self)))
    }
  }
}

/// Tries, pauses and the deadline.
struct RetryTests {
  private let good = ScriptedServer.Step.answer(200, ProviderTests.reply("anthropic", goodAnswer))

  @Test(arguments: [408, 409, 429, 500, 502, 503, 504, 529])
  func passingErrorsAreTriedAgain(_ status: Int) throws {
    let (answer, server) = try ask("anthropic", .answer(status, "<html>"), .answer(status, ""), good)
    #expect(answer.refinements == goodRefinements)
    #expect(server.pauses == [0.5, 1])
    let never = try ask("anthropic", .answer(status, "")).server
    #expect(never.requests.count == 3)
  }

  @Test(arguments: [HTTPFault.Kind.connection, .timeout])
  func brokenConnectionsAreTriedAgain(_ kind: HTTPFault.Kind) throws {
    let (answer, server) = try ask("anthropic", .fault(kind), good)
    #expect(answer.refinements == goodRefinements && server.requests.count == 2)
  }

  @Test(arguments: [HTTPFault.Kind.certificate, .tooLarge, .unusable])
  func brokenTrustIsNot(_ kind: HTTPFault.Kind) throws {
    #expect(try ask("anthropic", .fault(kind)).server.requests.count == 1)
  }

  @Test(
    arguments: [
      (["retry-after": "7"], 7.0), (["retry-after": "0.25"], 0.25),
      (["retry-after-ms": "300", "retry-after": "9"], 0.3),
      (["retry-after": "date 1030.1"], 30), (["retry-after": "60"], 60), (["retry-after": "soon"], 0.5),
      (["retry-after": "-5"], 0), (["retry-after": "nan"], 0.5),
    ] as [([String: String], Double)])
  func pausesAreObeyed(_ headers: [String: String], _ pause: Double) throws {
    let (answer, server) = try ask("anthropic", .answer(429, "", headers), good)
    #expect(answer.refinements == goodRefinements)
    #expect(server.pauses.count == 1 && abs(server.pauses[0] - pause) < 0.001, "\(server.pauses)")
  }

  @Test(arguments: ["61", "3600", "inf", "1e300"])
  func longPausesAreNot(_ pause: String) throws {
    let (answer, server) = try ask(
      "anthropic", .answer(429, #"{"error":{"message":"slow down"}}"#, ["retry-after": pause]))
    #expect(server.pauses.allSatisfy { $0 <= 8 } && server.elapsed < 20)
    if pause != "inf" { #expect(answer.reason.contains("slow down") && server.requests.count == 1) }
  }

  @Test func theServersWordOutranksTheStatus() throws {
    #expect(try ask("openai", .answer(500, "", ["x-should-retry": "false"])).server.requests.count == 1)
    #expect(try ask("openai", .answer(400, "", ["x-should-retry": "true"])).server.requests.count == 3)
  }

  @Test func oneDeadlineHoldsForEverything() throws {
    let variables = keys.merging(["HEADROOM_TIMEOUT": "30"]) { $1 }
    let (answer, server) = try ask("anthropic", .silence, variables: variables)
    #expect(server.elapsed <= 30.001 && server.requests.count == 1, "\(answer)")
    let (_, patient) = try ask("anthropic", .answer(429, "", ["retry-after": "20"]), variables: variables)
    #expect(patient.elapsed < 30 && patient.requests.count == 2)
  }
}
