/// The patch language that several agents share (`*** Begin Patch`).
enum PatchText {
  /// The files that a patch adds, changes or deletes, in order.
  static func paths(in patch: String) -> [String] {
    var paths: [String] = []
    for line in patch.split(whereSeparator: \.isNewline) where line.hasPrefix("*** ") {
      for mark in ["*** Add File: ", "*** Update File: ", "*** Delete File: "] where line.hasPrefix(mark) {
        paths.append(String(line.dropFirst(mark.count)))
      }
    }
    return paths
  }
}
