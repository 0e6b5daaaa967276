extension WebhookConfiguration {
    /// The volume that the token is in.
    enum VolumeOptions {
        static let volumeName = Option(
            "volume-name",
            .volumeName,
            environment: "GTOKEN_WEBHOOK_VOLUME_NAME",
            default: standard.volumeName,
            help: "The name of the injected volume"
        )
        static let volumePath = Option(
            "volume-path",
            .mountPath,
            environment: "GTOKEN_WEBHOOK_VOLUME_PATH",
            default: standard.volumePath,
            help: "Where the volume is mounted"
        )
        static let tokenFile = Option(
            "token-file",
            .fileName,
            environment: "GTOKEN_WEBHOOK_TOKEN_FILE",
            default: standard.tokenFile,
            help: "The token file's name in the volume"
        )
        static let volumeSize = Option(
            "volume-size",
            .quantity(atLeast: 0x1p16, such: "1Mi"),
            environment: "GTOKEN_WEBHOOK_VOLUME_SIZE",
            default: standard.volumeSize,
            help: "The volume's size limit, counted as memory"
        )

        static let group = CommandSpecification.Group(
            "Injected volume",
            [
                volumeName.specification, volumePath.specification, tokenFile.specification,
                volumeSize.specification,
            ]
        )

        private static let standard = InjectionConfiguration()
    }
}
