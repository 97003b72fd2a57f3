#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a file has beside its bytes, mode and owner: access lists, labels, attributes of its owner's.
enum FileAttributes {
  #if os(Linux)
    private typealias List = @convention(c) (Int32, UnsafeMutablePointer<CChar>?, Int) -> Int
    private typealias Get = @convention(c) (Int32, UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int) -> Int
    private typealias Set = @convention(c) (Int32, UnsafePointer<CChar>, UnsafeRawPointer?, Int, Int32) -> Int32

    // The header is not part of the module that Swift imports.
    private static let list: List? = unsafe dlsym(nil, "flistxattr").map { unsafe unsafeBitCast($0, to: List.self) }
    private static let get: Get? = unsafe dlsym(nil, "fgetxattr").map { unsafe unsafeBitCast($0, to: Get.self) }
    private static let set: Set? = unsafe dlsym(nil, "fsetxattr").map { unsafe unsafeBitCast($0, to: Set.self) }
  #endif

  private static let most = 1 << 16

  /// Copies as many as the system allows; the rest is lost, as with any editor.
  static func copy(from old: Int32, to new: Int32) {
    #if os(Linux)
      guard let list = unsafe list, let get = unsafe get, let set = unsafe set else { return }
      var names = [CChar](repeating: 0, count: most)
      let length = unsafe list(old, &names, most)
      guard length > 0 else { return }
      var value = [UInt8](repeating: 0, count: most)
      for name in names[..<length].split(separator: 0) {
        let name = Array(name) + [0]
        let size = unsafe get(old, name, &value, most)
        if size >= 0 { _ = unsafe set(new, name, value, size, 0) }
      }
    #elseif canImport(Darwin)
      _ = unsafe fcopyfile(old, new, nil, copyfile_flags_t(COPYFILE_XATTR | COPYFILE_ACL))
    #endif
  }
}
