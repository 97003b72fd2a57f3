extension SystemCalls {
  /// Runs the body while no other run of ours works on the file.
  ///
  /// The lock stands in the state folder, under a name made of the path: beside the file it would be in the way.
  /// It is never removed, because a second run may be waiting for just that file.
  func withLock<Result>(
    on location: Location, in stateFolder: String, patience milliseconds: UInt32,
    _ body: () throws(WriteError) -> Result
  ) throws(WriteError) -> Result {
    let folder = Location.join(stateFolder, "locks")
    try makeOwnFolder(folder, for: location)
    let path = Location.join(folder, StateKey.of(location.real) + ".lock")
    let file = try on(location.path) { () throws(CallFailure) in try open(path, .locking) }
    defer { close(file) }
    var waited: UInt32 = 0
    while try !on(location.path, { () throws(CallFailure) in try lock(file) }) {
      if waited >= milliseconds { throw .busy(path: location.path) }
      sleep(2)
      waited += 2
    }
    return try body()
  }
}

/// Names for files in the state folder.
enum StateKey {
  /// 64 bits of FNV-1a. Records hold the path, so that two paths of one key are told apart.
  static func of(_ path: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
