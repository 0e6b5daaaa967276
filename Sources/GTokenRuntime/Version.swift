private import CBuildInfo

/// The version of this build: a git tag, `dev-<commit>`, or `dev` outside git.
package let buildVersion = unsafe String(cString: gtoken_build_version())
