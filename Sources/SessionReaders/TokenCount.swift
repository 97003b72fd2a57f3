extension Int {
  /// As a count of tokens. No message has a billion: sums must not overflow, whatever the log says.
  var asTokens: Int { Swift.min(Swift.max(self, 0), 1 << 30) }
}

extension JSONSlice {
  /// A count of tokens; 0 where there is none.
  func tokens(_ name: StaticString) -> Int { self[name]?.int?.asTokens ?? 0 }
}
