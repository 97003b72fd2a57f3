import Dispatch
import Foundation
import Synchronization

@testable import ContextFiles

/// A folder of its own for one test: `home` may be written, `state` is the tool's, `outside` is neither.
final class Playground: Sendable {
  let root: String
  var home: String { root + "/home" }
  var state: String { root + "/state" }
  var file: String { home + "/CLAUDE.md" }

  init() throws {
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    root = base + "/headroom-writer-\(UUID().uuidString)"
    for folder in ["home", "outside"] {
      try FileManager.default.createDirectory(atPath: root + "/" + folder, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func replacer(_ calls: SystemCalls = .live, tries: Int = 100, patience: UInt32 = 30_000) -> FileReplacer {
    FileReplacer(roots: [home], stateFolder: state, calls: calls, tries: tries, patience: patience)
  }

  func put(_ text: String, at path: String? = nil, mode: Int = 0o644) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path ?? file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path ?? file)
  }

  func text(at path: String? = nil) -> String? {
    FileManager.default.contents(atPath: path ?? file).map { String(decoding: $0, as: UTF8.self) }
  }

  func names(in folder: String? = nil) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder ?? home).sorted()
  }

  func status(of path: String? = nil) throws -> FileStatus { try SystemCalls.live.linkStatus(path ?? file) }

  func append(_ text: String) {
    if let handle = FileHandle(forUpdatingAtPath: file) {
      _ = try? handle.seekToEnd()
      handle.write(Data(text.utf8))
      try? handle.close()
    }
  }
}

func adding(_ text: String) -> ([UInt8]) -> [UInt8] { { $0 + Array(text.utf8) } }

/// A thread of its own: tasks share as many threads as there are cores, and tests that block would keep them waiting.
final class Worker: Sendable {
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Void) {
    let done = done
    Thread.detachNewThread {
      body()
      done.signal()
    }
  }

  func wait() { done.wait() }
}

/// Lets the n-th call fail, or that one and all after it, as if the process had been killed.
final class FaultPlan: Sendable {
  let failing: Int
  let code: Int32
  let isDeath: Bool
  private let state = Mutex((count: 0, failed: ""))

  init(failing: Int, code: Int32, isDeath: Bool = false) {
    self.failing = failing
    self.code = code
    self.isDeath = isDeath
  }

  /// The call that was made to fail; empty when there were fewer calls.
  var failed: String { state.withLock { $0.failed } }

  func step(_ call: String, _ path: String = "") throws(CallFailure) {
    let fails = state.withLock { state in
      state.count += 1
      let fails = isDeath ? state.count >= failing : state.count == failing
      if fails, state.failed.isEmpty { state.failed = call }
      return fails
    }
    if fails { throw CallFailure(call: call, path: path, code: code) }
  }

  var calls: SystemCalls {
    let live = SystemCalls.live
    return SystemCalls(
      open: { path, mode throws(CallFailure) in
        try self.step("open", path)
        return try live.open(path, mode)
      },
      close: live.close,
      read: { file, count, offset throws(CallFailure) in
        try self.step("read")
        return try live.read(file, count, offset)
      },
      write: { file, bytes throws(CallFailure) in
        // Half of it reaches the disk, as when the disk is full.
        do throws(CallFailure) {
          try self.step("write")
        } catch {
          _ = try live.write(file, bytes.prefix(bytes.count / 2))
          throw error
        }
        return try live.write(file, bytes.prefix(max(1, bytes.count / 2)))
      },
      synchronize: { file throws(CallFailure) in
        try self.step("fsync")
        try live.synchronize(file)
      },
      status: { file throws(CallFailure) in
        try self.step("fstat")
        return try live.status(file)
      },
      linkStatus: { path throws(CallFailure) in
        try self.step("lstat", path)
        return try live.linkStatus(path)
      },
      setMode: { file, mode throws(CallFailure) in
        try self.step("fchmod")
        try live.setMode(file, mode)
      },
      setOwner: { file, user, group throws(CallFailure) in
        try self.step("fchown")
        try live.setOwner(file, user, group)
      },
      copyAttributes: live.copyAttributes,
      rename: { old, new, kind throws(CallFailure) in
        try self.step("rename", new)
        try live.rename(old, new, kind)
      },
      remove: { path throws(CallFailure) in
        try self.step("unlink", path)
        try live.remove(path)
      },
      makeFolder: { path, mode throws(CallFailure) in
        try self.step("mkdir", path)
        try live.makeFolder(path, mode)
      },
      list: { folder throws(CallFailure) in
        try self.step("opendir", folder)
        return try live.list(folder)
      },
      realPath: { path throws(CallFailure) in
        try self.step("realpath", path)
        return try live.realPath(path)
      },
      lock: { file throws(CallFailure) in
        try self.step("flock")
        return try live.lock(file)
      },
      hasWriters: live.hasWriters,
      sleep: live.sleep)
  }
}
