#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SystemCalls {
  /// The calls of the system that we run on.
  static let live = SystemCalls(
    open: { path, mode throws(CallFailure) in
      try retrying("open", path) { Live.open(path, mode) }
    },
    close: { file in _ = systemClose(file) },
    read: { file, count, offset throws(CallFailure) in
      var bytes = [UInt8](repeating: 0, count: count)
      let length = try retrying("read", "") {
        unsafe bytes.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, count, off_t(offset)) }
      }
      bytes.removeLast(count - length)
      return bytes
    },
    write: { file, bytes throws(CallFailure) in
      try retrying("write", "") {
        unsafe bytes.withUnsafeBytes { unsafe systemWrite(file, $0.baseAddress, $0.count) }
      }
    },
    synchronize: { file throws(CallFailure) in _ = try retrying("fsync", "") { fsync(file) } },
    status: { file throws(CallFailure) in
      var status = stat()
      _ = try retrying("fstat", "") { unsafe fstat(file, &status) }
      return FileStatus(status)
    },
    linkStatus: { path throws(CallFailure) in
      var status = stat()
      _ = try retrying("lstat", path) { unsafe lstat(path, &status) }
      return FileStatus(status)
    },
    setMode: { file, mode throws(CallFailure) in
      _ = try retrying("fchmod", "") { fchmod(file, mode_t(mode)) }
    },
    setOwner: { file, user, group throws(CallFailure) in
      _ = try retrying("fchown", "") { fchown(file, user ?? .max, group) }
    },
    copyAttributes: { old, new in FileAttributes.copy(from: old, to: new) },
    rename: { old, new, kind throws(CallFailure) in
      _ = try retrying("rename", new) { Live.rename(old, new, kind) }
    },
    remove: { path throws(CallFailure) in _ = try retrying("unlink", path) { unsafe unlink(path) } },
    makeFolder: { path, mode throws(CallFailure) in
      _ = try retrying("mkdir", path) { unsafe mkdir(path, mode_t(mode)) }
    },
    list: { folder throws(CallFailure) in try Live.list(folder) },
    realPath: { path throws(CallFailure) in
      guard let resolved = unsafe realpath(path, nil) else {
        throw CallFailure(call: "realpath", path: path, code: errno)
      }
      defer { unsafe free(resolved) }
      return unsafe String(cString: resolved)
    },
    lock: { file throws(CallFailure) in
      do throws(CallFailure) {
        _ = try retrying("flock", "") { flock(file, LOCK_EX | LOCK_NB) }
        return true
      } catch {
        if error.code == EWOULDBLOCK { return false }
        throw error
      }
    },
    hasWriters: { file in Live.hasWriters(file) },
    sleep: { milliseconds in _ = usleep(milliseconds * 1000) }
  )

  private static func retrying<Count: BinaryInteger>(
    _ call: String, _ path: String, _ body: () -> Count
  ) throws(CallFailure) -> Count {
    while true {
      let result = body()
      if result >= 0 { return result }
      if errno != EINTR { throw CallFailure(call: call, path: path, code: errno) }
    }
  }
}

/// Functions whose names the closures above would shadow, or that differ between systems.
private enum Live {
  static func open(_ path: String, _ mode: OpenMode) -> Int32 {
    switch mode {
    // A pipe in place of the file must not make us wait for its other end.
    case .reading: systemOpen(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0)
    case .folder: systemOpen(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY, 0)
    case .creating(let mode):
      systemOpen(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(mode))
    case .overwriting: systemOpen(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    case .locking: systemOpen(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
  }

  #if os(Linux)
    private typealias Renameat2 =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32

    // The header shows it only to those who ask for GNU extensions, and older systems do not have it.
    private static let renameat2: Renameat2? = unsafe dlsym(nil, "renameat2").map {
      unsafe unsafeBitCast($0, to: Renameat2.self)
    }
  #endif

  static func rename(_ old: String, _ new: String, _ kind: RenameKind) -> Int32 {
    #if os(Linux)
      let flags: UInt32 =
        switch kind {
        case .replacing: 0
        case .creating: 1  // RENAME_NOREPLACE
        case .swapping: 2  // RENAME_EXCHANGE
        }
      guard let renameat2 = unsafe Self.renameat2 else {
        errno = ENOSYS
        return -1
      }
      return unsafe renameat2(AT_FDCWD, old, AT_FDCWD, new, flags)
    #else
      let flags: UInt32 =
        switch kind {
        case .replacing: 0
        case .creating: UInt32(RENAME_EXCL)
        case .swapping: UInt32(RENAME_SWAP)
        }
      return unsafe renamex_np(old, new, flags)
    #endif
  }

  static func list(_ folder: String) throws(CallFailure) -> [String] {
    guard let stream = unsafe opendir(folder) else {
      throw CallFailure(call: "opendir", path: folder, code: errno)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
          unsafe names.append(String(cString: $0))
        }
      }
    }
    return names
  }

  /// The system grants a read lease only while nobody has the file open for writing.
  static func hasWriters(_ file: Int32) -> Bool {
    #if os(Linux)
      let (setLease, setSignal): (Int32, Int32) = (1024, 10)
      // Someone who opens the file just now breaks the lease, and the default signal for that ends the process.
      guard fcntl(file, setSignal, SIGURG) == 0 else { return false }
      if fcntl(file, setLease, Int32(F_RDLCK)) == 0 {
        _ = fcntl(file, setLease, Int32(F_UNLCK))
        return false
      }
      return errno == EAGAIN
    #else
      return false
    #endif
  }
}

private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  unsafe open(path, flags, mode)
}
private func systemClose(_ file: Int32) -> Int32 { close(file) }
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(file, bytes, count)
}

extension FileStatus {
  fileprivate init(_ status: stat) {
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFLNK: .link
      case S_IFDIR: .folder
      default: .other
      }
    self.init(kind: kind, mode: UInt32(status.st_mode & 0o7777), user: status.st_uid, group: status.st_gid)
  }
}

extension CallFailure {
  var isMissing: Bool { code == ENOENT }
  var exists: Bool { code == EEXIST }
  var isUnsupported: Bool { [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(code) }
  var isLoop: Bool { code == ELOOP }
  var isForbidden: Bool { [EACCES, EPERM, EROFS].contains(code) }
  var isFull: Bool { [ENOSPC, EDQUOT].contains(code) }
  var reason: String { unsafe String(cString: strerror(code)) }
}
