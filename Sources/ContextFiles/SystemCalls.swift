/// Every call that the writer makes to the system, so that tests can let each one fail.
struct SystemCalls: Sendable {
  var open: @Sendable (_ path: String, _ mode: OpenMode) throws(CallFailure) -> Int32
  var close: @Sendable (_ file: Int32) -> Void
  /// Up to `count` bytes from `offset`; empty at the end.
  var read: @Sendable (_ file: Int32, _ count: Int, _ offset: Int) throws(CallFailure) -> [UInt8]
  /// How many of the bytes were written, at least one.
  var write: @Sendable (_ file: Int32, _ bytes: ArraySlice<UInt8>) throws(CallFailure) -> Int
  var synchronize: @Sendable (_ file: Int32) throws(CallFailure) -> Void
  var status: @Sendable (_ file: Int32) throws(CallFailure) -> FileStatus
  var linkStatus: @Sendable (_ path: String) throws(CallFailure) -> FileStatus
  var setMode: @Sendable (_ file: Int32, _ mode: UInt32) throws(CallFailure) -> Void
  /// Nil leaves the user or the group as it is.
  var setOwner: @Sendable (_ file: Int32, _ user: UInt32?, _ group: UInt32) throws(CallFailure) -> Void
  /// As many of the access lists and attributes as the system lets us copy.
  var copyAttributes: @Sendable (_ old: Int32, _ new: Int32) -> Void
  var rename: @Sendable (_ old: String, _ new: String, _ kind: RenameKind) throws(CallFailure) -> Void
  var remove: @Sendable (_ path: String) throws(CallFailure) -> Void
  var makeFolder: @Sendable (_ path: String, _ mode: UInt32) throws(CallFailure) -> Void
  var list: @Sendable (_ folder: String) throws(CallFailure) -> [String]
  var realPath: @Sendable (_ path: String) throws(CallFailure) -> String
  /// False when another run holds the lock.
  var lock: @Sendable (_ file: Int32) throws(CallFailure) -> Bool
  /// Whether someone has the file open for writing, as far as the system tells.
  var hasWriters: @Sendable (_ file: Int32) -> Bool
  var sleep: @Sendable (_ milliseconds: UInt32) -> Void
}

/// What a file is opened for.
enum OpenMode: Sendable {
  case reading
  case folder
  /// A new file that nobody else may have made; the mode goes through the umask.
  case creating(mode: UInt32)
  /// A file of the state folder, emptied.
  case overwriting
  case locking
}

enum RenameKind: Sendable {
  /// In place of what has the new name.
  case replacing
  /// Both names swap what they stand for, so that nothing is dropped unseen.
  case swapping
  /// Only when nothing has the new name.
  case creating
}

struct FileStatus: Hashable, Sendable {
  enum Kind: Sendable { case regular, link, folder, other }

  var kind: Kind
  /// Permission bits.
  var mode: UInt32
  var user: UInt32
  var group: UInt32
}

/// A call that failed, with the error number of the system.
struct CallFailure: Error, Hashable, Sendable {
  var call: String
  var path: String
  var code: Int32
}
