/// Why a context file could not be written. The file is then as it was, unless the text says otherwise.
public enum WriteError: Error, Hashable, Sendable {
  /// The file, or what its link points to, lies outside the folders that may be written.
  case outsideRoots(path: String, target: String)
  /// A link that leads to a file of another kind: whoever made it may mean harm.
  case otherKind(path: String, target: String)
  /// A link that points to nothing.
  case danglingLink(path: String)
  /// A file of the tool's own that somebody or something has cut or changed.
  case damaged(path: String)
  /// Text in an encoding that lines of ours cannot stand in.
  case otherEncoding(path: String)
  /// A folder, a pipe, a device.
  case notAFile(path: String)
  /// A path without a usable file name.
  case unusablePath(path: String)
  /// Nobody may write the file.
  case readOnly(path: String)
  /// More bytes than a context file can sensibly have.
  case tooLarge(path: String, limit: Int)
  /// The folder does not exist, and making it was not asked for.
  case missingFolder(path: String, folder: String)
  /// Another run did not let go of the file in time.
  case busy(path: String)
  /// Someone else wrote the file again and again while we were at it.
  case keepsChanging(path: String, tries: Int)
  /// Someone wrote the file while it was being replaced, and their text could not be brought in: here it is.
  case lateWrite(path: String, rescued: [UInt8])
  /// The new text is in place, but the last steps failed, such as making sure that the disk has it.
  case unconfirmed(path: String, call: String, code: Int32)
  /// A call to the system failed. `file` is the file it was about, which may be one of the tool's own.
  case system(path: String, file: String, call: String, code: Int32)
}

extension WriteError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .outsideRoots(let path, let target):
      path == target
        ? "\(path) lies outside the project and the home folder; nothing was written. Name it with --target to write it"
        : "\(path) leads to \(target), outside the project and the home folder; nothing was written. "
          + "Replace the link by a file, or name \(target) with --target"
    case .otherKind(let path, let target):
      "\(path) leads to \(target), which is no file of that kind; nothing was written. "
        + "Replace the link by a file, or name the file that is meant with --target"
    case .danglingLink(let path): "\(path) is a link to a file that does not exist; create that file or remove the link"
    case .damaged(let path):
      "\(path) cannot be understood any more, and what it holds is not to be lost; nothing was changed. Mend it, or move it away"
    case .otherEncoding(let path): "\(path) is UTF-16; nothing was written. Save it as UTF-8 in your editor"
    case .notAFile(let path): "\(path) is not a regular file; move it away or choose another file with --target"
    case .unusablePath(let path): "\(path) does not name a file; give the path of a file"
    case .readOnly(let path): "\(path) is read-only; nothing was written. Allow writing with: chmod u+w \(path)"
    case .tooLarge(let path, let limit):
      "\(path) is larger than \(limit / 1_048_576) MiB; nothing was written. Is it the right file?"
    case .missingFolder(let path, let folder): "\(folder) does not exist, so \(path) was not written; create the folder"
    case .busy(let path): "another run of headroom is writing \(path); try again when it is done"
    case .keepsChanging(let path, let tries):
      "\(path) was changed by someone else each of \(tries) times; nothing was written. Try again when it is quiet"
    case .lateWrite(let path, let rescued):
      "\(path) was written by someone else while it was replaced; \(rescued.count) bytes of theirs are not in the file. "
        + "Compare it with your editor's version"
    case .unconfirmed(let path, let call, let code):
      "\(path) was written, but then \(call) failed: \(CallFailure(call: call, path: path, code: code).reason); "
        + "look at the file"
    case .system(let path, let file, let call, let code): describe(path, file, call, code)
    }
  }

  private func describe(_ path: String, _ file: String, _ call: String, _ code: Int32) -> String {
    let failure = CallFailure(call: call, path: file, code: code)
    if failure.isForbidden {
      // A file of ours may be one that could not even be made.
      let places = Location.split(file).folder + (file == path ? " " + path : "")
      return
        "\(path) was not written: \(failure.reason) at \(call) of \(file); see who may write with: ls -ld \(places)"
    }
    if failure.isFull { return "\(path) was not written: the disk of \(file) is full; free some space and run again" }
    return "\(path) was not written: \(call) of \(file) failed: \(failure.reason); run again"
  }
}

extension WriteError {
  init(_ failure: CallFailure, _ path: String) {
    self = .system(
      path: path, file: failure.path.isEmpty ? path : failure.path, call: failure.call, code: failure.code)
  }
}

extension SystemCalls {
  /// Lets failures of calls name the file that they were made for.
  func on<Result>(
    _ path: String, _ body: () throws(CallFailure) -> Result
  ) throws(WriteError) -> Result {
    do {
      return try body()
    } catch {
      throw WriteError(error, path)
    }
  }
}
