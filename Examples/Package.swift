// swift-tools-version: 6.2

import PackageDescription

// A package of its own, as another project's would be. Put the URL that you have this repository from in place of
// this one; `make examples` maps it to a clone of the checkout, with a tag.
let package = Package(
    name: "gtoken-examples",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://git.example/gtoken.git", from: "0.1.0")
    ],
    targets: [
        .executableTarget(
            name: "inspect-token",
            dependencies: [.product(name: "GTokenCore", package: "gtoken")]
        ),
        .executableTarget(
            name: "build-patch",
            dependencies: [.product(name: "GTokenCore", package: "gtoken")]
        ),
    ]
)
