public import SessionModel
public import SessionReaders

/// What is kept of one log: enough to tell whether it still holds, and what it is.
public struct KeptLog: Sendable, Hashable {
  public var path: String
  /// Which session of the file, where it holds more than one.
  public var session: String?
  /// A digest of what the plugin said of the log when it found it.
  public var shape: UInt64
  /// The file as it was before it was read.
  public var stamp: FileStamp
  /// Whether every later change shows in the stamp.
  public var isSettled: Bool
  /// What else was looked at, and how it was.
  public var others: [String: FileStamp]
  public var info: SessionInfo
  /// Whether there is nothing to tell of it.
  public var isEmpty: Bool
  /// Names the analysis.
  var analysis: Int
  public var resume: Resume?

  /// Where the reading of a log that has grown goes on.
  public struct Resume: Sendable, Hashable {
    /// The bytes that were read.
    public var offset: Int
    /// Digests of the first and last of these bytes.
    var head: Int
    var tail: Int
    /// Names what the reader and the analyzer knew there.
    var state: Int
  }
}

extension KeptLog: Stored {
  public static var blank: KeptLog {
    KeptLog(
      path: "", shape: 0, stamp: .missing, isSettled: false, others: [:], info: .blank, isEmpty: false, analysis: 0)
  }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&path)
    fields.visit(&session)
    fields.visit(&shape)
    fields.visit(&stamp)
    fields.visit(&isSettled)
    fields.visit(&others)
    fields.visit(&info)
    fields.visit(&isEmpty)
    fields.visit(&analysis)
    fields.visit(&resume)
  }
}

extension KeptLog.Resume: Stored {
  public static var blank: KeptLog.Resume { KeptLog.Resume(offset: 0, head: 0, tail: 0, state: 0) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&offset)
    fields.visit(&head)
    fields.visit(&tail)
    fields.visit(&state)
  }
}
