@testable import GTokenCore

/// That a patched Pod has nothing of ours twice.
enum PodCheck {
    static func check(_ pod: JSONValue, was old: JSONValue, _ configuration: InjectionConfiguration) {
        let (spec, before) = (pod["spec"], old["spec"])
        for name in ["generate-gcp-id-token", "update-gcp-id-token"] {
            let count = containers(spec).count { $0["name"]?.isString(name) ?? false }
            let earlier = containers(before).count { $0["name"]?.isString(name) ?? false }
            require(count <= max(1, earlier), "one container \(name)")
        }
        let volumes = named(spec?["volumes"], configuration.volumeName)
        let earlier = named(before?["volumes"], configuration.volumeName)
        require(volumes == max(1, earlier), "one volume of ours")
        for container in containers(spec) {
            let old = containers(before).first { $0["name"]?.rawBytes == container["name"]?.rawBytes }
            checkMounts(container, old, configuration)
            checkEnvironment(container, old)
        }
    }

    private static func containers(_ spec: JSONValue?) -> [JSONValue] {
        ["initContainers", "containers"].flatMap { spec?[$0].map { Array($0.elements) } ?? [] }
    }

    private static func named(_ list: JSONValue?, _ name: String) -> Int {
        list?.elements.count { $0["name"]?.isString(name) ?? false } ?? 0
    }

    private static func checkMounts(
        _ container: JSONValue,
        _ old: JSONValue?,
        _ configuration: InjectionConfiguration
    ) {
        func count(_ container: JSONValue?) -> Int {
            container?["volumeMounts"]?.elements.count { mount in
                [configuration.volumePath, configuration.volumePath + "/"].contains {
                    mount["mountPath"]?.isString($0) ?? false
                }
            } ?? 0
        }
        require(count(container) <= max(1, count(old)), "one mount at our place")
    }

    private static let variables = [
        "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_SESSION_NAME", "AWS_REGION",
        "AWS_DEFAULT_REGION", "AWS_STS_REGIONAL_ENDPOINTS",
    ]

    private static func checkEnvironment(_ container: JSONValue, _ old: JSONValue?) {
        for name in variables {
            require(named(container["env"], name) <= max(1, named(old?["env"], name)), "one variable \(name)")
        }
    }
}
