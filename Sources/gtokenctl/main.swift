import GTokenRuntime

print(buildVersion)
