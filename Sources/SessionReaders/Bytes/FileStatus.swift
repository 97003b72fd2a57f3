public import SessionModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the file system says of a file.
public struct FileStatus: Sendable, Hashable {
  enum Kind: Sendable { case file, folder, link, other }

  let kind: Kind
  public let stamp: FileStamp

  public var isFolder: Bool { kind == .folder }
  /// Never of a file whose links were followed.
  public var isLink: Bool { kind == .link }

  /// - Parameter followsLinks: Whether a link stands for what it points to.
  /// - Returns: nil when there is no such file, or nobody may know.
  public init?(of path: String, followsLinks: Bool = true) {
    var found = stat()
    guard unsafe (followsLinks ? stat(path, &found) : lstat(path, &found)) == 0 else { return nil }
    switch found.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    #if canImport(Darwin)
      let (modified, changed) = (found.st_mtimespec, found.st_ctimespec)
    #else
      let (modified, changed) = (found.st_mtim, found.st_ctim)
    #endif
    stamp = FileStamp(
      size: Int(found.st_size), modified: Self.nanoseconds(modified), changed: Self.nanoseconds(changed),
      number: UInt64(found.st_ino))
  }

  private static func nanoseconds(_ time: timespec) -> Int {
    Int(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int(time.tv_nsec)
  }
}

/// What tells one state of a file from another.
public struct FileStamp: Sendable, Hashable {
  /// In bytes.
  public var size: Int
  /// When its bytes, and when anything about it last changed, in nanoseconds since 1970.
  public var modified: Int
  public var changed: Int
  /// Its number on its disk.
  public var number: UInt64

  public init(size: Int, modified: Int, changed: Int, number: UInt64) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.number = number
  }

  /// The state of a file that is not there.
  public static let missing = FileStamp(size: -1, modified: 0, changed: 0, number: 0)

  public init(of path: String) { self = FileStatus(of: path)?.stamp ?? .missing }

  /// Whether a later change would show in the times. File systems count time in ticks, some of whole seconds: what
  /// changed in the tick of the last look looks as if it had not.
  /// - Parameter moment: When it was looked at, in nanoseconds since 1970.
  public func isSettled(at moment: Int) -> Bool {
    let last = max(modified, changed)
    let tick = modified % 1_000_000_000 == 0 ? 2_100_000_000 : 100_000_000
    return last < moment - tick
  }
}

extension FileStamp: Stored {
  public static var blank: FileStamp { .missing }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&size)
    fields.visit(&modified)
    fields.visit(&changed)
    fields.visit(&number)
  }
}
