import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A server on this machine that sends bytes as the test says, whatever it is asked.
final class LoopbackServer: Sendable {
  /// What to do with a connection after its request was read.
  enum Reply: Sendable {
    case bytes([UInt8])
    /// The same bytes until the client goes.
    case endless([UInt8])
    /// One byte now and then.
    case dripping([UInt8])
    case silence
  }

  let port: Int
  private let socket: Int32
  private let reply: Reply
  private let received = Mutex<[String]>([])

  var requests: [String] { received.withLock { $0 } }

  init(_ reply: Reply) throws {
    self.reply = reply
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let listening = Glibc.socket(AF_INET, kind, 0)
    socket = listening
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        unsafe bind(listening, raw, length) == 0 && listen(listening, 16) == 0
          && getsockname(listening, raw, &length) == 0
      }
    }
    guard listening >= 0, isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in serve() }
  }

  func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

  private func serve() {
    while true {
      let connection = accept(socket, nil, nil)
      guard connection >= 0 else { break }
      Thread.detachNewThread { [self] in
        answer(connection)
        close(connection)
      }
    }
    close(socket)
  }

  private func answer(_ connection: Int32) {
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !Self.isWhole(request) {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
      if count <= 0 { break }
      request += buffer[..<count]
    }
    received.withLock { $0.append(String(decoding: request, as: UTF8.self)) }
    switch reply {
    case .bytes(let bytes): _ = send(bytes, connection)
    case .endless(let bytes): while send(bytes, connection) {}
    case .dripping(let bytes): for byte in bytes where send([byte], connection) { usleep(200_000) }
    // Until the client has gone.
    case .silence: _ = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
    }
  }

  private static func isWhole(_ request: [UInt8]) -> Bool {
    let text = String(decoding: request, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return false }
    if text.hasPrefix("CONNECT") { return true }
    let line = text.lowercased().range(of: "content-length: ").map { text[$0.upperBound...].prefix { $0.isNumber } }
    return text[end.upperBound...].utf8.count >= line.flatMap { Int($0) } ?? 0
  }

  private func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
