internal import Recommendations

/// Sends a request up to three times, within one deadline for everything.
struct RetryingClient: Sendable {
  let client: any HTTPClient
  let clock: RetryClock
  /// In the time of the clock.
  let deadline: Double

  private static let tries = 3
  /// A provider that asks for a longer pause is not waited for.
  private static let longestPause = 60.0

  func send(_ request: HTTPRequest) throws(RefinementFailure) -> HTTPResponse {
    for attempt in 1... {
      let remaining = deadline - clock.now()
      guard remaining > 0 else { break }
      let (reason, pause): (String, Double?)
      do throws(HTTPFault) {
        let response = try client.send(request, within: remaining)
        guard isPassing(response) else { return response }
        (reason, pause) = (ErrorText.of(response), self.pause(askedBy: response))
      } catch {
        guard error.isPassing else { throw .failed(error.reason) }
        (reason, pause) = (error.reason, nil)
      }
      guard attempt < Self.tries else { throw .failed("\(reason), \(attempt) times") }
      let wait = pause ?? min(8, 0.5 * Double(1 << (attempt - 1))) * clock.jitter()
      guard wait <= Self.longestPause, wait < deadline - clock.now() else {
        if pause == nil { break }
        throw .failed("\(reason); it asks to wait \(Int(min(wait, 1e9).rounded(.up))) s, so try again later")
      }
      clock.sleep(wait)
    }
    throw .failed("no answer in time; HEADROOM_TIMEOUT sets the seconds to wait")
  }

  private func isPassing(_ response: HTTPResponse) -> Bool {
    if let word = response.headers["x-should-retry"] { return word == "true" && response.status >= 400 }
    return [408, 409, 429].contains(response.status) || response.status >= 500
  }

  private func pause(askedBy response: HTTPResponse) -> Double? {
    if let milliseconds = response.headers["retry-after-ms"].flatMap({ Double($0) }) {
      return max(0, milliseconds / 1000)
    }
    guard let text = response.headers["retry-after"] else { return nil }
    if let seconds = Double(text) { return seconds.isFinite ? max(0, seconds) : nil }
    return client.time(of: text).map { max(0, $0 - clock.today()) }
  }
}

/// Time as the retries see it.
struct RetryClock: Sendable {
  /// Seconds that only ever grow.
  var now: @Sendable () -> Double
  /// Seconds since 1970.
  var today: @Sendable () -> Double
  var sleep: @Sendable (_ seconds: Double) -> Void
  /// 0.75 to 1, so that many clients do not come back at once.
  var jitter: @Sendable () -> Double
}

/// What went wrong, in the provider's own words.
enum ErrorText {
  static func of(_ response: HTTPResponse) -> String {
    if (300..<400).contains(response.status) {
      return "the server answers with a redirect (\(response.status)), which is not followed: correct the base URL"
    }
    var body = JSON(response.body)
    // Gemini may put the error into a list.
    if let first = body?.items.first { body = first }
    let message = body?["error"]?["message"]?.text ?? body?["error"]?.text ?? body?["message"]?.text
    let shown = message.map { ": " + short($0) } ?? ""
    return "the server answers \(response.status)\(shown)"
  }

  static func short(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 200 ? line.prefix(199) + "…" : line
  }
}
