// swift-tools-version: 6.1
import PackageDescription

// One executable over small libraries. Data flows one way; Documentation/Architecture.md draws the graph.
// Targets in the first group never see libtorch.
let torchFree: [Target] = [
    .target(name: "Records"),
    .target(name: "Randomness"),
    .target(
        name: "FileFormats",
        dependencies: ["Records", .product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "Tokenizers", dependencies: ["Records", "FileFormats"]),
    .target(
        name: "CaseBank",
        dependencies: ["Records", .product(name: "Yams", package: "Yams")],
        resources: [.embedInCode("Resources/conditions.yaml")]),
    .target(name: "Statistics"),
    .target(name: "Plots"),
    .target(name: "Tracking", dependencies: ["Records", "FileFormats", "Plots"]),
    .target(name: "Datasets", dependencies: ["Records", "FileFormats", "Tokenizers"]),
]

let engine: [Target] = [
    .systemLibrary(name: "LibTorch", pkgConfig: "libtorch"),
    .target(name: "CTorch", dependencies: ["LibTorch"]),
    .target(name: "Torch", dependencies: ["CTorch"]),
    .target(name: "Layers", dependencies: ["Torch"]),
    .target(name: "Optimizers", dependencies: ["Torch"]),
    .target(name: "Objectives", dependencies: ["Torch"]),
    .target(name: "Checkpoints", dependencies: ["Torch", "FileFormats", "Records"]),
    .target(name: "Models", dependencies: ["Layers", "Checkpoints"]),
    .target(
        name: "Generation",
        dependencies: ["Models", "Objectives", "Datasets", "Tokenizers", "Records", "Randomness"]),
    .target(
        name: "Alignment",
        dependencies: [
            "Objectives", "Optimizers", "Generation", "Datasets", "Tracking",
            .product(name: "Yams", package: "Yams"),
        ]),
    .target(
        name: "Evaluation",
        dependencies: ["Generation", "Datasets", "Statistics", "Plots", "CaseBank"]),
]

let program: Target = .executableTarget(
    name: "preceptor",
    dependencies: [
        "Alignment", "Evaluation", "Generation", "CaseBank",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
    ])

let testSupport: Target = .target(name: "TestSupport", path: "Tests/TestSupport")

let tested = [
    "FileFormats", "Tokenizers", "CaseBank", "Statistics", "Plots", "Tracking", "Datasets",
]
let tests: [Target] = tested.map {
    .testTarget(name: "\($0)Tests", dependencies: [.byName(name: $0), "TestSupport"])
}

let package = Package(
    name: "preceptor",
    platforms: [.macOS(.v14)],
    products: [.executable(name: "preceptor", targets: ["preceptor"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: torchFree + engine + [program, testSupport, .executableTarget(name: "scratch", dependencies: ["Models", "Objectives", "Optimizers"])] + tests,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20)
