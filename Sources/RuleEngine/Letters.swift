extension Unicode.Scalar {
  /// Whether it is a letter or a digit 0 to 9. Most text is ASCII, which no table has to be asked about.
  var isLetterOrDigit: Bool {
    if isASCII { return (97...122).contains(value | 32) || (48...57).contains(value) }
    return properties.isAlphabetic
  }
}
