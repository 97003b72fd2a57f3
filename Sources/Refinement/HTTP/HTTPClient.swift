/// A request to a provider.
struct HTTPRequest: Sendable, Hashable {
  var url: String
  var headers: [Header]
  var body: [UInt8]

  struct Header: Sendable, Hashable {
    var name: String
    var value: String
    /// Whether the value is a key, which is never shown.
    var isSecret = false
  }
}

struct HTTPResponse: Sendable, Hashable {
  var status: Int
  /// By name in small letters.
  var headers: [String: String]
  var body: [UInt8]
}

/// Sends one request and nothing else: it follows no redirect and does not try again.
protocol HTTPClient: Sendable {
  func send(_ request: HTTPRequest, within seconds: Double) throws(HTTPFault) -> HTTPResponse
  /// The time of an HTTP date, in seconds since 1970.
  func time(of date: String) -> Double?
}

/// Why there is no response.
struct HTTPFault: Error, Sendable, Hashable {
  enum Kind: Sendable, Hashable { case timeout, tooLarge, certificate, connection, unusable }

  var kind: Kind
  var reason: String

  /// A try later may go better.
  var isPassing: Bool { kind == .timeout || kind == .connection }
}
