// swift-tools-version: 6.2

import PackageDescription

/// The version that `--version` prints: the tag of this commit, else the short commit, else `dev`.
let version: String = {
    guard let git = Context.gitInformation else { return "dev" }
    let name = git.currentTag ?? "dev-\(git.currentCommit.prefix(12))"
    return git.hasUncommittedChanges ? "\(name)-dirty" : name
}()

/// One list for every Swift target, tests included.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// OpenSSL is linked by the target that calls it, by library name: a `link` in the module map or a
/// `pkgConfig` would force the shared library into a static build.
let openSSL: [LinkerSetting] = [.linkedLibrary("ssl"), .linkedLibrary("crypto")]

let package = Package(
    name: "gtoken",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "GTokenCore", targets: ["GTokenCore"]),
        .executable(name: "gtoken", targets: ["gtoken"]),
        .executable(name: "gtoken-webhook", targets: ["gtoken-webhook"]),
        .executable(name: "gtokenctl", targets: ["gtokenctl"]),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CLinux"),
        .target(name: "CBuildInfo", cSettings: [.define("GTOKEN_VERSION", to: "\"\(version)\"")]),

        .target(name: "GTokenCore", swiftSettings: settings),
        .target(
            name: "GTokenRuntime",
            dependencies: ["CBuildInfo", "CLinux", "GTokenCore"],
            swiftSettings: settings
        ),
        .target(
            name: "GTokenNet",
            dependencies: ["CLinux", "COpenSSL", "GTokenCore", "GTokenRuntime"],
            swiftSettings: settings,
            linkerSettings: openSSL
        ),
        .target(
            name: "GTokenClients",
            dependencies: ["GTokenCore", "GTokenNet", "GTokenRuntime"],
            swiftSettings: settings
        ),
        .target(
            name: "GTokenAdminClients",
            dependencies: ["GTokenClients", "GTokenCore", "GTokenNet", "GTokenRuntime"],
            swiftSettings: settings
        ),
        .target(
            name: "GTokenEmulator",
            dependencies: ["GTokenCore", "GTokenNet", "GTokenRuntime"],
            swiftSettings: settings
        ),

        .executableTarget(
            name: "gtoken",
            dependencies: ["GTokenClients", "GTokenCore", "GTokenNet", "GTokenRuntime"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "gtoken-webhook",
            dependencies: ["GTokenClients", "GTokenCore", "GTokenNet", "GTokenRuntime"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "gtokenctl",
            dependencies: [
                "GTokenAdminClients", "GTokenClients", "GTokenCore", "GTokenEmulator", "GTokenNet",
                "GTokenRuntime",
            ],
            swiftSettings: settings
        ),

        // What measurements need, for Benchmarks/bench.py: no product, and nothing that is shipped depends on it. It
        // stands in this package because it uses what is `package` here.
        .target(name: "CAllocations", path: "Benchmarks/Allocations"),
        .executableTarget(
            name: "gtoken-bench",
            dependencies: [
                "CAllocations", "CLinux", "COpenSSL", "GTokenCore", "GTokenEmulator", "GTokenNet",
                "GTokenRuntime",
            ],
            path: "Benchmarks/Kit",
            swiftSettings: settings,
            linkerSettings: [
                .unsafeFlags(
                    ["malloc", "calloc", "realloc", "posix_memalign"].flatMap {
                        ["-Xlinker", "--wrap=\($0)"]
                    }
                )
            ]
        ),

        .target(
            name: "TestSupport",
            dependencies: ["GTokenCore", "GTokenRuntime"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "GTokenCoreTests",
            dependencies: ["GTokenCore", "TestSupport"],
            resources: [.copy("Fixtures")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GTokenRuntimeTests",
            dependencies: ["GTokenCore", "GTokenRuntime", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GTokenNetTests",
            dependencies: ["COpenSSL", "GTokenCore", "GTokenNet", "GTokenRuntime", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GTokenClientsTests",
            dependencies: [
                "GTokenClients", "GTokenCore", "GTokenEmulator", "GTokenNet", "GTokenRuntime", "TestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GTokenAdminClientsTests",
            dependencies: [
                "GTokenAdminClients", "GTokenClients", "GTokenCore", "GTokenEmulator", "GTokenNet",
                "GTokenRuntime",
                "TestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GTokenEmulatorTests",
            dependencies: ["GTokenCore", "GTokenEmulator", "GTokenNet", "GTokenRuntime", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GTokenWebhookTests",
            dependencies: [
                "GTokenClients", "GTokenCore", "GTokenEmulator", "GTokenNet", "GTokenRuntime", "TestSupport",
                "gtoken-webhook",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "GTokenClients", "GTokenCore", "GTokenEmulator", "GTokenNet", "GTokenRuntime", "TestSupport",
                "gtoken", "gtoken-webhook", "gtokenctl",
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: settings
        ),
    ]
)
