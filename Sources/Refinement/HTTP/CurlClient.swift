#if Network
  internal import CCurl

  #if canImport(FoundationEssentials)
    internal import FoundationEssentials
  #else
    internal import Foundation
  #endif

  /// HTTP through libcurl.
  struct CurlClient: HTTPClient {
    /// Of the environment: proxies and certificates.
    let variables: [String: String]

    /// Far more than an answer takes.
    private static let longestBody = 4 << 20
    private static let longestHeaders = 64 << 10
    private static let secondsToConnect = 10.0
    private static let isReady = headroom_curl_start() != 0

    func send(_ request: HTTPRequest, within seconds: Double) throws(HTTPFault) -> HTTPResponse {
      guard Self.isReady, let handle = unsafe headroom_curl_open() else {
        throw HTTPFault(
          kind: .unusable, reason: "libcurl cannot be loaded; install it (on Debian the package libcurl4)")
      }
      defer { unsafe headroom_curl_close(handle) }
      var list: UnsafeMutablePointer<curl_slist>?
      defer { unsafe headroom_curl_free(list) }
      // No pause before the body, which servers of the small kind do not answer.
      for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
        unsafe list = headroom_curl_append(list, line)
      }
      let sink = Sink(longestBody: Self.longestBody, longestHeaders: Self.longestHeaders)
      unsafe configure(handle, request, list, seconds)
      let context = unsafe Unmanaged.passUnretained(sink).toOpaque()
      unsafe headroom_curl_set_sinks(handle, Self.takeBody, Self.takeHeader, context)
      let code = withExtendedLifetime(sink) { unsafe headroom_curl_perform(handle) }
      guard code == CURLE_OK else { throw fault(code, sink, request) }
      return HTTPResponse(status: unsafe headroom_curl_status(handle), headers: sink.headers, body: sink.body)
    }

    func time(of date: String) -> Double? {
      guard Self.isReady else { return nil }
      let time = unsafe headroom_curl_time(date)
      return time < 0 ? nil : Double(time)
    }

    private func configure(
      _ handle: UnsafeMutableRawPointer, _ request: HTTPRequest, _ list: UnsafeMutablePointer<curl_slist>?,
      _ seconds: Double
    ) {
      func set(_ option: CURLoption, _ value: Int) { unsafe _ = headroom_curl_set_number(handle, option, value) }
      func set(_ option: CURLoption, _ value: String) { unsafe _ = headroom_curl_set_text(handle, option, value) }
      unsafe _ = headroom_curl_allow_http_only(handle)
      set(CURLOPT_URL, request.url)
      unsafe _ = headroom_curl_set_list(handle, CURLOPT_HTTPHEADER, list)
      set(CURLOPT_POST, 1)
      set(CURLOPT_POSTFIELDSIZE, request.body.count)
      unsafe request.body.withUnsafeBytes { bytes in
        let text = unsafe bytes.bindMemory(to: CChar.self).baseAddress
        unsafe _ = headroom_curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, text)
      }
      set(CURLOPT_NOSIGNAL, 1)
      set(CURLOPT_FOLLOWLOCATION, 0)
      set(CURLOPT_TIMEOUT_MS, max(1, Int(seconds * 1000)))
      set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(seconds, Self.secondsToConnect) * 1000))
      set(CURLOPT_ACCEPT_ENCODING, "")
      set(CURLOPT_PROXY, proxy(for: request.url) ?? "")
      set(CURLOPT_NOPROXY, either("NO_PROXY") ?? "")
      if let file = either("SSL_CERT_FILE") ?? either("CURL_CA_BUNDLE") { set(CURLOPT_CAINFO, file) }
      if let folder = either("SSL_CERT_DIR") { set(CURLOPT_CAPATH, folder) }
    }

    private func proxy(for url: String) -> String? {
      either(url.lowercased().hasPrefix("https:") ? "HTTPS_PROXY" : "HTTP_PROXY") ?? either("ALL_PROXY")
    }

    /// In small letters or capitals: both are in use.
    private func either(_ name: String) -> String? {
      [variables[name.lowercased()], variables[name]].compactMap(\.self).first { !$0.isEmpty }
    }

    private func fault(_ code: CURLcode, _ sink: Sink, _ request: HTTPRequest) -> HTTPFault {
      if sink.isTooLarge { return HTTPFault(kind: .tooLarge, reason: "the server's answer is larger than 4 MiB") }
      let host = request.url.split(separator: "/", maxSplits: 2).dropFirst().first ?? ""
      let reason = unsafe String(cString: headroom_curl_reason(code))
      switch code {
      case CURLE_OPERATION_TIMEDOUT: return HTTPFault(kind: .timeout, reason: "\(host) does not answer in time")
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
        return HTTPFault(
          kind: .certificate,
          reason: "the certificate of \(host) cannot be trusted (\(reason)); SSL_CERT_FILE names one that signs it")
      case CURLE_URL_MALFORMAT: return HTTPFault(kind: .unusable, reason: "`\(request.url)` is no address: \(reason)")
      case CURLE_UNSUPPORTED_PROTOCOL: return HTTPFault(kind: .unusable, reason: "\(host) does not speak HTTP")
      default: return HTTPFault(kind: .connection, reason: "no answer from \(host): \(reason)")
      }
    }

    private static let takeBody: headroom_curl_sink = { bytes, size, count, context in
      guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
      let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
      return unsafe sink.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }

    private static let takeHeader: headroom_curl_sink = { bytes, size, count, context in
      guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
      let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
      return unsafe sink.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }
  }

  /// Collects a response up to a limit. Used by one transfer on one thread.
  private final class Sink {
    private(set) var body: [UInt8] = []
    private(set) var headers: [String: String] = [:]
    private(set) var isTooLarge = false
    private let longestBody: Int
    private var headerRoom: Int

    init(longestBody: Int, longestHeaders: Int) {
      self.longestBody = longestBody
      headerRoom = longestHeaders
    }

    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
      guard body.count + bytes.count <= longestBody else { return refuse() }
      unsafe body.append(contentsOf: bytes)
      return true
    }

    func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
      headerRoom -= bytes.count
      guard headerRoom > 0 else { return refuse() }
      let line = unsafe String(decoding: bytes, as: UTF8.self)
      // A proxy's answer and `100 Continue` come with headers of their own.
      if line.hasPrefix("HTTP/") { headers = [:] }
      guard let colon = line.firstIndex(of: ":") else { return true }
      let value = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
      headers[line[..<colon].lowercased()] = value
      return true
    }

    private func refuse() -> Bool {
      isTooLarge = true
      return false
    }
  }
#endif
