// swift-tools-version: 6.2
import PackageDescription

// One executable over small libraries. Data flows one way; Documentation/Architecture.md draws the graph.
// Targets in the first group never see libtorch.
let torchFree: [Target] = [
    .target(name: "Records"),
    .target(name: "Randomness"),
    .target(
        name: "FileFormats",
        dependencies: ["Records", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
        name: "CImages",
        linkerSettings: ["jpeg", "png", "webpdemux", "webp", "z"].map { .linkedLibrary($0) }),
    // A program of its own: what a damaged file does to these libraries ends it and nothing else.
    .systemLibrary(name: "OpenJPEG", pkgConfig: "libopenjp2"),
    .executableTarget(
        name: "dicom-worker", dependencies: ["OpenJPEG"], path: "Sources/DicomWorker",
        exclude: ["Deidentification/Tables"],
        linkerSettings: [
            "dcmjpeg", "ijg8", "ijg12", "ijg16", "dcmjpls", "dcmtkcharls", "dcmimage", "dcmimgle",
            "dcmdata", "oflog", "ofstd", "crypto", "z", "m",
        ].map { .linkedLibrary($0) }),
    // A program of its own: every child is started through it and ends with who started it.
    .executableTarget(name: "child-supervisor", path: "Sources/ChildSupervisor"),
    .target(
        name: "Processes",
        dependencies: [.product(name: "Subprocess", package: "swift-subprocess")]),
    .target(
        name: "Images",
        dependencies: [
            "CImages", "Records", "Randomness",
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "CryptoExtras", package: "swift-crypto"),
        ]),
    .target(name: "Tokenizers", dependencies: ["Records", "FileFormats"]),
    .target(
        name: "CaseBank",
        dependencies: ["Records", "Randomness", .product(name: "Yams", package: "Yams")],
        resources: [.embedInCode("Resources/conditions.yaml")]),
    .target(name: "Answers"),
    .target(name: "Rewards", dependencies: ["Records", "Answers", "CaseBank", "Processes"]),
    .target(name: "TextMetrics"),
    .target(name: "Statistics", dependencies: ["Randomness"]),
    .target(name: "Plots"),
    .target(
        name: "Datasets",
        dependencies: ["Records", "Randomness", "Answers", "FileFormats", "Tokenizers"]),
    .target(
        name: "Recipes",
        dependencies: [
            "Records", "FileFormats", "Datasets", "Rewards",
            .product(name: "Yams", package: "Yams"),
        ]),
    .target(name: "Tracking", dependencies: ["Records", "FileFormats", "Plots", "Recipes"]),
    .target(
        name: "Feedback",
        dependencies: [
            "Records", "FileFormats", "Statistics", "Randomness", "CaseBank", "Answers",
            .product(name: "GRDB", package: "GRDB.swift"),
        ]),
    .target(
        name: "Web",
        dependencies: [
            "Records", "FileFormats",
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdTLS", package: "hummingbird"),
            .product(name: "Logging", package: "swift-log"),
        ]),
    .target(
        name: "Workbench",
        dependencies: [
            "Web", "Feedback", "Recipes", "Rewards", "Records", "FileFormats", "Statistics",
            "Plots", "Randomness", "Processes",
            .product(name: "CryptoExtras", package: "swift-crypto"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "Mustache", package: "swift-mustache"),
            .product(name: "Yams", package: "Yams"),
        ],
        resources: [.embedInCode("Resources")]),
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
        dependencies: [
            "Models", "Objectives", "Datasets", "Images", "Tokenizers", "Records", "Randomness",
        ]),
    .target(
        name: "Alignment",
        dependencies: [
            "Recipes", "Objectives", "Optimizers", "Generation", "Datasets", "Tracking", "Rewards",
            "Randomness", "Images",
        ]),
    .target(
        name: "Attribution",
        dependencies: [
            "Generation", "Models", "Objectives", "Datasets", "Images", "Records", "Torch",
        ]),
    .target(
        name: "Evaluation",
        dependencies: [
            "Generation", "Attribution", "Datasets", "Images", "Answers", "Statistics", "Plots",
            "CaseBank",
            "Randomness", "TextMetrics",
        ]),
    .target(
        name: "Serving",
        dependencies: [
            "Generation", "Attribution", "Models", "Layers", "Checkpoints", "Objectives",
            "Optimizers",
            "Datasets", "Images", "Records", "Torch",
        ]),
]

let program: Target = .executableTarget(
    name: "preceptor",
    dependencies: [
        "Recipes", "Alignment", "Evaluation", "Generation", "Attribution", "Serving", "Web",
        "Workbench", "CaseBank", "Rewards", "Tracking", "Plots", "Images", "Processes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
    ])

let testSupport: [Target] = [
    // A program that starts a child and waits for it, to be killed.
    .executableTarget(
        name: "child-starter", dependencies: ["Processes"], path: "Tests/ChildStarter"),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .target(name: "TorchTestSupport", dependencies: ["Torch"], path: "Tests/TorchTestSupport"),
    // The kernels' own headers, which the C ABI does not show.
    .target(
        name: "KernelTestSupport", dependencies: ["CTorch"], path: "Tests/KernelTestSupport",
        cxxSettings: [.headerSearchPath("../../Sources/CTorch")]),
    .target(
        name: "VisionTestSupport",
        dependencies: [
            "FileFormats", "Generation", "Images", "Randomness", "Records", "TestSupport",
            "TorchTestSupport",
        ],
        path: "Tests/VisionTestSupport"),
]

/// A target's tests, which may also import what the target itself is built from.
func tests(
    of target: String, with others: [String] = [], products: [Target.Dependency] = [],
    torch: Bool = false
) -> Target {
    let support = torch ? ["TestSupport", "TorchTestSupport", "Torch"] : ["TestSupport"]
    let names = Set([target] + others + support).sorted()
    return .testTarget(
        name: "\(target)Tests", dependencies: names.map { .byName(name: $0) } + products)
}

let tests: [Target] = [
    tests(of: "Randomness"),
    tests(of: "FileFormats", with: ["Records"]),
    tests(of: "Processes"),
    tests(of: "Images", with: ["Records"]),
    tests(of: "Tokenizers", with: ["Records", "FileFormats"]),
    tests(of: "CaseBank", with: ["Records"]),
    tests(of: "Answers"),
    tests(of: "Rewards", with: ["Records"], products: [.product(name: "Yams", package: "Yams")]),
    tests(of: "TextMetrics"),
    tests(of: "Statistics", with: ["Randomness"]),
    tests(of: "Plots"),
    tests(of: "Datasets", with: ["Records", "CaseBank", "FileFormats", "Tokenizers"]),
    tests(of: "Recipes", with: ["Datasets", "Records", "Rewards"]),
    tests(of: "Tracking", with: ["FileFormats", "Records", "Plots"]),
    tests(
        of: "Feedback", with: ["Answers", "Records", "CaseBank", "Statistics", "FileFormats"],
        products: [.product(name: "GRDB", package: "GRDB.swift")]),
    tests(
        of: "Web", with: ["Records"],
        products: [.product(name: "HummingbirdTesting", package: "hummingbird")]),
    tests(
        of: "Workbench", with: ["Feedback", "Processes", "Recipes", "Records", "Rewards", "Web"],
        products: [.product(name: "HummingbirdTesting", package: "hummingbird")]),
    tests(of: "Torch", with: ["KernelTestSupport"], torch: true),
    tests(of: "Layers", torch: true),
    tests(of: "Optimizers", torch: true),
    tests(of: "Objectives", torch: true),
    tests(of: "Checkpoints", with: ["FileFormats", "Records"], torch: true),
    tests(
        of: "Models",
        with: ["Checkpoints", "FileFormats", "Layers", "Objectives", "Optimizers", "Records"],
        torch: true),
    tests(
        of: "Generation",
        with: [
            "Checkpoints", "Datasets", "FileFormats", "Images", "Layers", "Models", "Randomness",
            "Records", "VisionTestSupport", "Tokenizers",
        ], torch: true),
    tests(
        of: "Alignment",
        with: [
            "Checkpoints", "Datasets", "FileFormats", "Generation", "Images", "Layers", "Models",
            "Objectives", "Optimizers", "Recipes", "Records", "Rewards", "VisionTestSupport",
            "Tracking",
        ], torch: true),
    tests(
        of: "Attribution",
        with: ["Datasets", "Generation", "Images", "Records", "VisionTestSupport"], torch: true),
    tests(
        of: "Evaluation",
        with: [
            "Answers", "CaseBank", "Datasets", "FileFormats", "Generation", "Attribution", "Models",
            "Objectives", "Plots", "Randomness", "Records", "VisionTestSupport", "Statistics",
            "Tokenizers",
        ], torch: true),
    tests(
        of: "Serving",
        with: [
            "Checkpoints", "Generation", "Images", "Models", "Objectives", "Records",
            "VisionTestSupport",
        ], torch: true),
    .testTarget(
        name: "EndToEndTests",
        dependencies: ["TestSupport", "VisionTestSupport", "Images", "Randomness"]),
]

let package = Package(
    name: "preceptor",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "preceptor", targets: ["preceptor"]),
        .executable(name: "dicom-worker", targets: ["dicom-worker"]),
        .executable(name: "child-supervisor", targets: ["child-supervisor"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: torchFree + engine + [program] + testSupport + tests,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20)
