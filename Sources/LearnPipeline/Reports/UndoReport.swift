public import ContextFiles
internal import MarkerBlock

/// What `undo` tells of each file.
public enum UndoReport {
  public static func text(of replacement: Replacement) -> String {
    switch (replacement.before, replacement.after) {
    case (_, nil): "removed \(replacement.path), which did not exist before"
    case (nil, _): "brought back \(replacement.path)"
    default: "brought back \(replacement.path) as it was before the last write"
    }
  }

  /// What would be lost: the changes since the last write, or nothing when it is not that.
  public static func difference(of error: UndoError) -> String? {
    guard case .changedSince(let path, _, let written, let current) = error else { return nil }
    let lines = unifiedDiff(
      old: written, new: current ?? [], oldName: "\(path) as it was written",
      newName: current == nil ? "/dev/null" : "\(path) as it is")
    return lines.joined(separator: "\n")
  }
}
