#if Network
  import Foundation
  import Testing

  @testable import Refinement

  /// libcurl against servers that behave badly.
  struct CurlTests {
    private func send(
      _ reply: LoopbackServer.Reply, seconds: Double = 20, variables: [String: String] = [:], url: String? = nil
    ) throws -> (result: Result<HTTPResponse, HTTPFault>, server: LoopbackServer) {
      let server = try LoopbackServer(reply)
      defer { server.stop() }
      let variables = variables.mapValues { $0.replacing("PORT", with: "\(server.port)") }
      let url = url ?? "http://127.0.0.1:\(server.port)/v1/x"
      let request = HTTPRequest(url, key: .init(name: "x-key", value: "k", isSecret: true), body: ["a": 1])
      let client = CurlClient(variables: variables)
      return (Result { () throws(HTTPFault) in try client.send(request, within: seconds) }, server)
    }

    private func response(_ head: String, _ body: [UInt8] = []) -> LoopbackServer.Reply {
      .bytes(Array((head.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8) + body)
    }

    private func kind(_ result: Result<HTTPResponse, HTTPFault>) -> HTTPFault.Kind? {
      guard case .failure(let fault) = result else { return nil }
      return fault.kind
    }

    @Test func postsAndReads() throws {
      let (result, server) = try send(
        response("HTTP/1.1 200 OK\nContent-Length: 2\nRetry-After:  7 ", Array("{}".utf8)))
      let answer = try result.get()
      #expect(answer.status == 200 && answer.body == Array("{}".utf8) && answer.headers["retry-after"] == "7")
      let request = try #require(server.requests.first)
      #expect(request.hasPrefix("POST /v1/x HTTP/1.1\r\n") && request.contains("x-key: k\r\n"))
      #expect(!request.contains("Expect:") && request.hasSuffix("{\n  \"a\" : 1\n}"))
    }

    @Test func redirectsAreNotFollowed() throws {
      let (result, server) = try send(
        response("HTTP/1.1 307 Temporary Redirect\nLocation: http://127.0.0.1:1/leak\nContent-Length: 0"))
      #expect(try result.get().status == 307)
      #expect(server.requests.count == 1)
    }

    @Test func largeBodiesAreCutOff() throws {
      let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 32, count: 65_536) + Array("\r\n".utf8)
      let head = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
      let (result, _) = try send(.endless(head + chunk))
      #expect(kind(result) != nil)
      let (large, _) = try send(
        response("HTTP/1.1 200 OK\nContent-Length: 5000000", [UInt8](repeating: 32, count: 5_000_000)))
      #expect(kind(large) == .tooLarge)
      let (headers, _) = try send(
        .endless(Array("HTTP/1.1 200 OK\r\nx: \(String(repeating: "y", count: 999))\r\n".utf8)))
      #expect(kind(headers) != nil)
    }

    @Test func slowServersAreLeft() throws {
      #expect(kind(try send(.silence, seconds: 0.5).result) == .timeout)
      let dripping = Array("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n".utf8)
      #expect(kind(try send(.dripping(dripping), seconds: 1).result) == .timeout)
    }

    @Test func brokenAnswersAreFaults() throws {
      for reply in [response("HTTP/1.1 200 OK\nContent-Length: 9", [1]), .bytes([])] {
        #expect(kind(try send(reply).result) == .connection)
      }
      #expect(kind(try send(.bytes(Array("hello".utf8))).result) == .unusable)
      // Nobody listens on port 1.
      #expect(kind(try send(.silence, url: "http://127.0.0.1:1/").result) == .connection)
      for url in ["file:///etc/hostname", "gopher://127.0.0.1/", "http://"] {
        #expect(kind(try send(.silence, url: url).result) == .unusable, "\(url)")
      }
    }

    @Test(arguments: ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
    func proxiesAreUsed(_ name: String) throws {
      let reply = response("HTTP/1.1 200 OK\nContent-Length: 0")
      let proxy = [name: "http://127.0.0.1:PORT"]
      let (result, server) = try send(reply, variables: proxy, url: "http://model.test/v1/x")
      #expect(try result.get().status == 200)
      #expect(server.requests.first?.hasPrefix("POST http://model.test/v1/x HTTP/1.1\r\n") == true)
      // Not for hosts that are excepted.
      let direct = proxy.merging(["no_proxy": "127.0.0.1,other.test"]) { $1 }
      let (excepted, own) = try send(reply, variables: direct)
      #expect(try excepted.get().status == 200)
      #expect(own.requests.first?.hasPrefix("POST /v1/x") == true)
    }

    @Test func encryptedTrafficIsTunnelled() throws {
      let (result, server) = try send(
        response("HTTP/1.1 502 No"), variables: ["https_proxy": "http://127.0.0.1:PORT"], url: "https://model.test/v1")
      #expect(kind(result) == .connection)
      let request = try #require(server.requests.first)
      #expect(request.hasPrefix("CONNECT model.test:443 HTTP/1.1\r\n") && !request.contains("x-key"))
    }

    @Test func datesAreRead() {
      let client = CurlClient(variables: [:])
      #expect(client.time(of: "Sun, 22 Nov 2026 00:00:00 GMT") == 1_795_305_600)
      #expect(client.time(of: "tomorrow") == nil)
    }
  }
#endif
