/// A word while it is read.
struct WordDraft {
  /// A Windows path: backslashes separate folders.
  let keepsBackslashes: Bool
  var text: [UInt8] = []
  var hasExpansion = false
  /// The text differs from the source.
  var isChanged = false
  var isQuoted = false {
    didSet { isChanged = isChanged || isQuoted }
  }

  init(keepsBackslashes: Bool) {
    self.keepsBackslashes = keepsBackslashes
  }
}
