// Written by scripts/embed-manifests.sh; not to be edited.
// Of deployment/ 42678e3404ad91c34de2d545274edbb8b16ef8a4b0977d4783efbf98e2a0ab12
// swift-format-ignore-file

/// The overlays of `deployment/` as `kubectl kustomize` builds them: each the objects, JSON, in the order in which
/// they are applied. `@NAMESPACE@`, `@WEBHOOK_IMAGE@` and `@TOKEN_IMAGE@` stand for what is given.
enum EmbeddedManifests {
    static let selfManaged = [
        namespace1,
        resourceQuota1,
        serviceAccount1,
        role1,
        clusterRole1,
        clusterRole2,
        roleBinding1,
        clusterRoleBinding1,
        clusterRoleBinding2,
        configMap1,
        service1,
        deployment1,
        podDisruptionBudget1,
        validatingAdmissionPolicy1,
        validatingAdmissionPolicy2,
        validatingAdmissionPolicyBinding1,
        validatingAdmissionPolicyBinding2,
        networkPolicy1,
        mutatingWebhookConfiguration1,
    ]

    static let certManager = [
        namespace1,
        resourceQuota1,
        serviceAccount1,
        clusterRole2,
        clusterRoleBinding2,
        configMap1,
        service1,
        deployment2,
        podDisruptionBudget1,
        certificate1,
        certificate2,
        issuer1,
        issuer2,
        networkPolicy1,
        mutatingWebhookConfiguration2,
    ]

    static let staticCertificates = [
        namespace1,
        resourceQuota1,
        serviceAccount1,
        clusterRole2,
        clusterRoleBinding2,
        configMap1,
        service1,
        deployment3,
        podDisruptionBudget1,
        networkPolicy1,
        mutatingWebhookConfiguration1,
    ]

    static let monitoring = [
        configMap2,
        podMonitor1,
        prometheusRule1,
    ]

    // MARK: Each object once, though most overlays have it

    private static let namespace1 = ##"""
{
 "apiVersion": "v1",
 "kind": "Namespace",
 "metadata": {
  "labels": {
   "admission.gtoken/ignore": "true",
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken",
   "pod-security.kubernetes.io/enforce": "restricted",
   "pod-security.kubernetes.io/warn": "restricted"
  },
  "name": "@NAMESPACE@"
 }
}
"""##

    private static let resourceQuota1 = ##"""
{
 "apiVersion": "v1",
 "kind": "ResourceQuota",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-quota",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "hard": {
   "pods": "10"
  },
  "scopeSelector": {
   "matchExpressions": [
    {
     "operator": "In",
     "scopeName": "PriorityClass",
     "values": [
      "system-cluster-critical"
     ]
    }
   ]
  }
 }
}
"""##

    private static let serviceAccount1 = ##"""
{
 "apiVersion": "v1",
 "kind": "ServiceAccount",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-sa",
  "namespace": "@NAMESPACE@"
 }
}
"""##

    private static let role1 = ##"""
{
 "apiVersion": "rbac.authorization.k8s.io/v1",
 "kind": "Role",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca",
  "namespace": "@NAMESPACE@"
 },
 "rules": [
  {
   "apiGroups": [
    ""
   ],
   "resources": [
    "secrets"
   ],
   "verbs": [
    "create"
   ]
  },
  {
   "apiGroups": [
    ""
   ],
   "resourceNames": [
    "gtoken-webhook-ca"
   ],
   "resources": [
    "secrets"
   ],
   "verbs": [
    "get",
    "update",
    "watch"
   ]
  }
 ]
}
"""##

    private static let clusterRole1 = ##"""
{
 "apiVersion": "rbac.authorization.k8s.io/v1",
 "kind": "ClusterRole",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca-bundle"
 },
 "rules": [
  {
   "apiGroups": [
    "admissionregistration.k8s.io"
   ],
   "resourceNames": [
    "mutating-gtoken-webhook-cfg"
   ],
   "resources": [
    "mutatingwebhookconfigurations"
   ],
   "verbs": [
    "get",
    "watch",
    "patch"
   ]
  }
 ]
}
"""##

    private static let clusterRole2 = ##"""
{
 "apiVersion": "rbac.authorization.k8s.io/v1",
 "kind": "ClusterRole",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-cr"
 },
 "rules": [
  {
   "apiGroups": [
    ""
   ],
   "resources": [
    "serviceaccounts"
   ],
   "verbs": [
    "get",
    "list",
    "watch"
   ]
  }
 ]
}
"""##

    private static let roleBinding1 = ##"""
{
 "apiVersion": "rbac.authorization.k8s.io/v1",
 "kind": "RoleBinding",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca",
  "namespace": "@NAMESPACE@"
 },
 "roleRef": {
  "apiGroup": "rbac.authorization.k8s.io",
  "kind": "Role",
  "name": "gtoken-webhook-ca"
 },
 "subjects": [
  {
   "kind": "ServiceAccount",
   "name": "gtoken-webhook-sa",
   "namespace": "@NAMESPACE@"
  }
 ]
}
"""##

    private static let clusterRoleBinding1 = ##"""
{
 "apiVersion": "rbac.authorization.k8s.io/v1",
 "kind": "ClusterRoleBinding",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca-bundle"
 },
 "roleRef": {
  "apiGroup": "rbac.authorization.k8s.io",
  "kind": "ClusterRole",
  "name": "gtoken-webhook-ca-bundle"
 },
 "subjects": [
  {
   "kind": "ServiceAccount",
   "name": "gtoken-webhook-sa",
   "namespace": "@NAMESPACE@"
  }
 ]
}
"""##

    private static let clusterRoleBinding2 = ##"""
{
 "apiVersion": "rbac.authorization.k8s.io/v1",
 "kind": "ClusterRoleBinding",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-crb"
 },
 "roleRef": {
  "apiGroup": "rbac.authorization.k8s.io",
  "kind": "ClusterRole",
  "name": "gtoken-webhook-cr"
 },
 "subjects": [
  {
   "kind": "ServiceAccount",
   "name": "gtoken-webhook-sa",
   "namespace": "@NAMESPACE@"
  }
 ]
}
"""##

    private static let configMap1 = ##"""
{
 "apiVersion": "v1",
 "data": {
  "GTOKEN_IMAGE": "@TOKEN_IMAGE@",
  "LOG_JSON": "true"
 },
 "kind": "ConfigMap",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-config-cffh72499k",
  "namespace": "@NAMESPACE@"
 }
}
"""##

    private static let service1 = ##"""
{
 "apiVersion": "v1",
 "kind": "Service",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-svc",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "ports": [
   {
    "name": "https",
    "port": 443,
    "targetPort": 10250
   }
  ],
  "selector": {
   "app": "gtoken-webhook"
  }
 }
}
"""##

    private static let deployment1 = ##"""
{
 "apiVersion": "apps/v1",
 "kind": "Deployment",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-deployment",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "replicas": 2,
  "selector": {
   "matchLabels": {
    "app": "gtoken-webhook"
   }
  },
  "strategy": {
   "rollingUpdate": {
    "maxSurge": 1,
    "maxUnavailable": 0
   }
  },
  "template": {
   "metadata": {
    "annotations": {
     "prometheus.io/path": "/metrics",
     "prometheus.io/port": "8080",
     "prometheus.io/scrape": "true"
    },
    "labels": {
     "app": "gtoken-webhook",
     "app.kubernetes.io/component": "webhook",
     "app.kubernetes.io/name": "gtoken"
    }
   },
   "spec": {
    "containers": [
     {
      "args": [
       "server",
       "--listen-address=:10250",
       "--telemetry-listen-address=:8080",
       "--tls-self-managed"
      ],
      "env": [
       {
        "name": "POD_NAMESPACE",
        "valueFrom": {
         "fieldRef": {
          "fieldPath": "metadata.namespace"
         }
        }
       }
      ],
      "envFrom": [
       {
        "configMapRef": {
         "name": "gtoken-webhook-config-cffh72499k"
        }
       }
      ],
      "image": "@WEBHOOK_IMAGE@",
      "imagePullPolicy": "IfNotPresent",
      "livenessProbe": {
       "httpGet": {
        "path": "/healthz",
        "port": "telemetry"
       },
       "periodSeconds": 10,
       "timeoutSeconds": 5
      },
      "name": "gtoken-webhook",
      "ports": [
       {
        "containerPort": 10250,
        "name": "https"
       },
       {
        "containerPort": 8080,
        "name": "telemetry"
       }
      ],
      "readinessProbe": {
       "httpGet": {
        "path": "/readyz",
        "port": "https",
        "scheme": "HTTPS"
       },
       "periodSeconds": 5,
       "timeoutSeconds": 2
      },
      "resources": {
       "limits": {
        "cpu": "200m",
        "memory": "256Mi"
       },
       "requests": {
        "cpu": "200m",
        "memory": "256Mi"
       }
      },
      "securityContext": {
       "allowPrivilegeEscalation": false,
       "capabilities": {
        "drop": [
         "ALL"
        ]
       },
       "privileged": false,
       "readOnlyRootFilesystem": true
      },
      "startupProbe": {
       "failureThreshold": 60,
       "httpGet": {
        "path": "/healthz",
        "port": "telemetry"
       },
       "periodSeconds": 1
      }
     }
    ],
    "enableServiceLinks": false,
    "priorityClassName": "system-cluster-critical",
    "securityContext": {
     "fsGroup": 65532,
     "runAsGroup": 65532,
     "runAsNonRoot": true,
     "runAsUser": 65532,
     "seccompProfile": {
      "type": "RuntimeDefault"
     }
    },
    "serviceAccountName": "gtoken-webhook-sa",
    "terminationGracePeriodSeconds": 30,
    "topologySpreadConstraints": [
     {
      "labelSelector": {
       "matchLabels": {
        "app": "gtoken-webhook"
       }
      },
      "matchLabelKeys": [
       "pod-template-hash"
      ],
      "maxSkew": 1,
      "topologyKey": "kubernetes.io/hostname",
      "whenUnsatisfiable": "ScheduleAnyway"
     },
     {
      "labelSelector": {
       "matchLabels": {
        "app": "gtoken-webhook"
       }
      },
      "matchLabelKeys": [
       "pod-template-hash"
      ],
      "maxSkew": 1,
      "topologyKey": "topology.kubernetes.io/zone",
      "whenUnsatisfiable": "ScheduleAnyway"
     }
    ]
   }
  }
 }
}
"""##

    private static let podDisruptionBudget1 = ##"""
{
 "apiVersion": "policy/v1",
 "kind": "PodDisruptionBudget",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-pdb",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "minAvailable": 1,
  "selector": {
   "matchLabels": {
    "app": "gtoken-webhook"
   }
  },
  "unhealthyPodEvictionPolicy": "AlwaysAllow"
 }
}
"""##

    private static let validatingAdmissionPolicy1 = ##"""
{
 "apiVersion": "admissionregistration.k8s.io/v1",
 "kind": "ValidatingAdmissionPolicy",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca-bundle-only"
 },
 "spec": {
  "failurePolicy": "Fail",
  "matchConditions": [
   {
    "expression": "request.userInfo.username == \"system:serviceaccount:@NAMESPACE@:gtoken-webhook-sa\"",
    "name": "the-webhooks-own-account"
   }
  ],
  "matchConstraints": {
   "resourceRules": [
    {
     "apiGroups": [
      "admissionregistration.k8s.io"
     ],
     "apiVersions": [
      "*"
     ],
     "operations": [
      "CREATE",
      "UPDATE",
      "DELETE"
     ],
     "resources": [
      "mutatingwebhookconfigurations"
     ]
    }
   ]
  },
  "validations": [
   {
    "expression": "request.operation == \"UPDATE\"",
    "message": "the webhook's account may not create or delete a MutatingWebhookConfiguration"
   },
   {
    "expression": "object.all(k, k in [\"metadata\", \"webhooks\"] || (k in oldObject && object[k] == oldObject[k])) && oldObject.all(k, k in object)",
    "message": "the webhook's account may change nothing outside webhooks"
   },
   {
    "expression": "object.metadata.all(k, k in variables.serverFields || (k in oldObject.metadata && object.metadata[k] == oldObject.metadata[k])) && oldObject.metadata.all(k, k in variables.serverFields || k in object.metadata)",
    "message": "the webhook's account may not change metadata"
   },
   {
    "expression": "variables.names == variables.oldNames",
    "message": "the webhook's account may not add, remove, rename or reorder webhooks"
   },
   {
    "expression": "object.webhooks.all(w, oldObject.webhooks.filter(o, o.name == w.name).all(o, w.all(k, k == \"clientConfig\" || (k in o && w[k] == o[k])) && o.all(k, k in w)))",
    "message": "the webhook's account may change nothing of a webhook but clientConfig.caBundle"
   },
   {
    "expression": "object.webhooks.all(w, oldObject.webhooks.filter(o, o.name == w.name).all(o, w.clientConfig.all(k, k == \"caBundle\" || (k in o.clientConfig && w.clientConfig[k] == o.clientConfig[k])) && o.clientConfig.all(k, k == \"caBundle\" || k in w.clientConfig)))",
    "message": "the webhook's account may change nothing of clientConfig but caBundle"
   }
  ],
  "variables": [
   {
    "expression": "has(object.webhooks) ? object.webhooks.map(w, w.name) : []",
    "name": "names"
   },
   {
    "expression": "has(oldObject.webhooks) ? oldObject.webhooks.map(w, w.name) : []",
    "name": "oldNames"
   },
   {
    "expression": "[\"generation\", \"managedFields\", \"resourceVersion\"]",
    "name": "serverFields"
   }
  ]
 }
}
"""##

    private static let validatingAdmissionPolicy2 = ##"""
{
 "apiVersion": "admissionregistration.k8s.io/v1",
 "kind": "ValidatingAdmissionPolicy",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca-secret-only"
 },
 "spec": {
  "failurePolicy": "Fail",
  "matchConditions": [
   {
    "expression": "request.userInfo.username == \"system:serviceaccount:@NAMESPACE@:gtoken-webhook-sa\"",
    "name": "the-webhooks-own-account"
   }
  ],
  "matchConstraints": {
   "resourceRules": [
    {
     "apiGroups": [
      ""
     ],
     "apiVersions": [
      "*"
     ],
     "operations": [
      "CREATE",
      "UPDATE"
     ],
     "resources": [
      "secrets"
     ]
    }
   ]
  },
  "validations": [
   {
    "expression": "has(object.metadata.name) && object.metadata.name == \"gtoken-webhook-ca\" && object.metadata.namespace == \"@NAMESPACE@\"",
    "message": "the webhook's account may write the Secret gtoken-webhook-ca and no other"
   },
   {
    "expression": "has(object.type) && object.type == \"Opaque\"",
    "message": "the Secret gtoken-webhook-ca is of type Opaque"
   }
  ]
 }
}
"""##

    private static let validatingAdmissionPolicyBinding1 = ##"""
{
 "apiVersion": "admissionregistration.k8s.io/v1",
 "kind": "ValidatingAdmissionPolicyBinding",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca-bundle-only"
 },
 "spec": {
  "policyName": "gtoken-webhook-ca-bundle-only",
  "validationActions": [
   "Deny"
  ]
 }
}
"""##

    private static let validatingAdmissionPolicyBinding2 = ##"""
{
 "apiVersion": "admissionregistration.k8s.io/v1",
 "kind": "ValidatingAdmissionPolicyBinding",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca-secret-only"
 },
 "spec": {
  "policyName": "gtoken-webhook-ca-secret-only",
  "validationActions": [
   "Deny"
  ]
 }
}
"""##

    private static let networkPolicy1 = ##"""
{
 "apiVersion": "networking.k8s.io/v1",
 "kind": "NetworkPolicy",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-np",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "ingress": [
   {
    "ports": [
     {
      "port": 10250,
      "protocol": "TCP"
     }
    ]
   },
   {
    "from": [
     {
      "namespaceSelector": {
       "matchExpressions": [
        {
         "key": "kubernetes.io/metadata.name",
         "operator": "In",
         "values": [
          "monitoring",
          "prometheus",
          "gmp-system",
          "gke-gmp-system"
         ]
        }
       ]
      }
     }
    ],
    "ports": [
     {
      "port": 8080,
      "protocol": "TCP"
     }
    ]
   }
  ],
  "podSelector": {
   "matchLabels": {
    "app": "gtoken-webhook"
   }
  },
  "policyTypes": [
   "Ingress"
  ]
 }
}
"""##

    private static let mutatingWebhookConfiguration1 = ##"""
{
 "apiVersion": "admissionregistration.k8s.io/v1",
 "kind": "MutatingWebhookConfiguration",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "mutating-gtoken-webhook-cfg"
 },
 "webhooks": [
  {
   "admissionReviewVersions": [
    "v1"
   ],
   "clientConfig": {
    "service": {
     "name": "gtoken-webhook-svc",
     "namespace": "@NAMESPACE@",
     "path": "/pods",
     "port": 443
    }
   },
   "failurePolicy": "Ignore",
   "matchConditions": [
    {
     "expression": "!has(object.metadata.annotations) || !(\"kubernetes.io/config.mirror\" in object.metadata.annotations)",
     "name": "not-a-mirror-pod"
    },
    {
     "expression": "!has(object.metadata.labels) || !(\"admission.gtoken/ignore\" in object.metadata.labels) || object.metadata.labels[\"admission.gtoken/ignore\"] != \"true\"",
     "name": "not-opted-out"
    }
   ],
   "matchPolicy": "Equivalent",
   "name": "gtoken.doit-intl.com",
   "namespaceSelector": {
    "matchExpressions": [
     {
      "key": "admission.gtoken/required",
      "operator": "DoesNotExist"
     },
     {
      "key": "admission.gtoken/ignore",
      "operator": "DoesNotExist"
     },
     {
      "key": "kubernetes.io/metadata.name",
      "operator": "NotIn",
      "values": [
       "@NAMESPACE@",
       "kube-system"
      ]
     }
    ]
   },
   "reinvocationPolicy": "IfNeeded",
   "rules": [
    {
     "apiGroups": [
      ""
     ],
     "apiVersions": [
      "v1"
     ],
     "operations": [
      "CREATE"
     ],
     "resources": [
      "pods"
     ],
     "scope": "Namespaced"
    }
   ],
   "sideEffects": "None",
   "timeoutSeconds": 5
  },
  {
   "admissionReviewVersions": [
    "v1"
   ],
   "clientConfig": {
    "service": {
     "name": "gtoken-webhook-svc",
     "namespace": "@NAMESPACE@",
     "path": "/pods",
     "port": 443
    }
   },
   "failurePolicy": "Fail",
   "matchConditions": [
    {
     "expression": "!has(object.metadata.annotations) || !(\"kubernetes.io/config.mirror\" in object.metadata.annotations)",
     "name": "not-a-mirror-pod"
    },
    {
     "expression": "!has(object.metadata.labels) || !(\"admission.gtoken/ignore\" in object.metadata.labels) || object.metadata.labels[\"admission.gtoken/ignore\"] != \"true\"",
     "name": "not-opted-out"
    }
   ],
   "matchPolicy": "Equivalent",
   "name": "required.gtoken.doit-intl.com",
   "namespaceSelector": {
    "matchExpressions": [
     {
      "key": "admission.gtoken/required",
      "operator": "Exists"
     },
     {
      "key": "admission.gtoken/ignore",
      "operator": "DoesNotExist"
     },
     {
      "key": "kubernetes.io/metadata.name",
      "operator": "NotIn",
      "values": [
       "@NAMESPACE@",
       "kube-system"
      ]
     }
    ]
   },
   "reinvocationPolicy": "IfNeeded",
   "rules": [
    {
     "apiGroups": [
      ""
     ],
     "apiVersions": [
      "v1"
     ],
     "operations": [
      "CREATE"
     ],
     "resources": [
      "pods"
     ],
     "scope": "Namespaced"
    }
   ],
   "sideEffects": "None",
   "timeoutSeconds": 5
  }
 ]
}
"""##

    private static let deployment2 = ##"""
{
 "apiVersion": "apps/v1",
 "kind": "Deployment",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-deployment",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "replicas": 2,
  "selector": {
   "matchLabels": {
    "app": "gtoken-webhook"
   }
  },
  "strategy": {
   "rollingUpdate": {
    "maxSurge": 1,
    "maxUnavailable": 0
   }
  },
  "template": {
   "metadata": {
    "annotations": {
     "prometheus.io/path": "/metrics",
     "prometheus.io/port": "8080",
     "prometheus.io/scrape": "true"
    },
    "labels": {
     "app": "gtoken-webhook",
     "app.kubernetes.io/component": "webhook",
     "app.kubernetes.io/name": "gtoken"
    }
   },
   "spec": {
    "containers": [
     {
      "args": [
       "server",
       "--listen-address=:10250",
       "--telemetry-listen-address=:8080",
       "--tls-cert-file=/etc/webhook/certs/cert.pem",
       "--tls-private-key-file=/etc/webhook/certs/key.pem"
      ],
      "envFrom": [
       {
        "configMapRef": {
         "name": "gtoken-webhook-config-cffh72499k"
        }
       }
      ],
      "image": "@WEBHOOK_IMAGE@",
      "imagePullPolicy": "IfNotPresent",
      "livenessProbe": {
       "httpGet": {
        "path": "/healthz",
        "port": "telemetry"
       },
       "periodSeconds": 10,
       "timeoutSeconds": 5
      },
      "name": "gtoken-webhook",
      "ports": [
       {
        "containerPort": 10250,
        "name": "https"
       },
       {
        "containerPort": 8080,
        "name": "telemetry"
       }
      ],
      "readinessProbe": {
       "httpGet": {
        "path": "/readyz",
        "port": "https",
        "scheme": "HTTPS"
       },
       "periodSeconds": 5,
       "timeoutSeconds": 2
      },
      "resources": {
       "limits": {
        "cpu": "200m",
        "memory": "256Mi"
       },
       "requests": {
        "cpu": "200m",
        "memory": "256Mi"
       }
      },
      "securityContext": {
       "allowPrivilegeEscalation": false,
       "capabilities": {
        "drop": [
         "ALL"
        ]
       },
       "privileged": false,
       "readOnlyRootFilesystem": true
      },
      "startupProbe": {
       "failureThreshold": 60,
       "httpGet": {
        "path": "/healthz",
        "port": "telemetry"
       },
       "periodSeconds": 1
      },
      "volumeMounts": [
       {
        "mountPath": "/etc/webhook/certs",
        "name": "certs",
        "readOnly": true
       }
      ]
     }
    ],
    "enableServiceLinks": false,
    "priorityClassName": "system-cluster-critical",
    "securityContext": {
     "fsGroup": 65532,
     "runAsGroup": 65532,
     "runAsNonRoot": true,
     "runAsUser": 65532,
     "seccompProfile": {
      "type": "RuntimeDefault"
     }
    },
    "serviceAccountName": "gtoken-webhook-sa",
    "terminationGracePeriodSeconds": 30,
    "topologySpreadConstraints": [
     {
      "labelSelector": {
       "matchLabels": {
        "app": "gtoken-webhook"
       }
      },
      "matchLabelKeys": [
       "pod-template-hash"
      ],
      "maxSkew": 1,
      "topologyKey": "kubernetes.io/hostname",
      "whenUnsatisfiable": "ScheduleAnyway"
     },
     {
      "labelSelector": {
       "matchLabels": {
        "app": "gtoken-webhook"
       }
      },
      "matchLabelKeys": [
       "pod-template-hash"
      ],
      "maxSkew": 1,
      "topologyKey": "topology.kubernetes.io/zone",
      "whenUnsatisfiable": "ScheduleAnyway"
     }
    ],
    "volumes": [
     {
      "name": "certs",
      "secret": {
       "defaultMode": 288,
       "items": [
        {
         "key": "tls.crt",
         "path": "cert.pem"
        },
        {
         "key": "tls.key",
         "path": "key.pem"
        }
       ],
       "secretName": "gtoken-webhook-certs"
      }
     }
    ]
   }
  }
 }
}
"""##

    private static let certificate1 = ##"""
{
 "apiVersion": "cert-manager.io/v1",
 "kind": "Certificate",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-cert-manager-ca",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "commonName": "gtoken-webhook-ca",
  "duration": "87600h",
  "isCA": true,
  "issuerRef": {
   "kind": "Issuer",
   "name": "gtoken-webhook-selfsigned"
  },
  "privateKey": {
   "algorithm": "ECDSA",
   "rotationPolicy": "Never",
   "size": 256
  },
  "renewBefore": "8760h",
  "secretName": "gtoken-webhook-cert-manager-ca"
 }
}
"""##

    private static let certificate2 = ##"""
{
 "apiVersion": "cert-manager.io/v1",
 "kind": "Certificate",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-certs",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "dnsNames": [
   "gtoken-webhook-svc.@NAMESPACE@.svc"
  ],
  "duration": "2160h",
  "issuerRef": {
   "kind": "Issuer",
   "name": "gtoken-webhook-ca"
  },
  "privateKey": {
   "algorithm": "ECDSA",
   "rotationPolicy": "Always",
   "size": 256
  },
  "renewBefore": "720h",
  "secretName": "gtoken-webhook-certs",
  "usages": [
   "digital signature",
   "server auth"
  ]
 }
}
"""##

    private static let issuer1 = ##"""
{
 "apiVersion": "cert-manager.io/v1",
 "kind": "Issuer",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-ca",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "ca": {
   "secretName": "gtoken-webhook-cert-manager-ca"
  }
 }
}
"""##

    private static let issuer2 = ##"""
{
 "apiVersion": "cert-manager.io/v1",
 "kind": "Issuer",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-selfsigned",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "selfSigned": {}
 }
}
"""##

    private static let mutatingWebhookConfiguration2 = ##"""
{
 "apiVersion": "admissionregistration.k8s.io/v1",
 "kind": "MutatingWebhookConfiguration",
 "metadata": {
  "annotations": {
   "cert-manager.io/inject-ca-from": "@NAMESPACE@/gtoken-webhook-certs"
  },
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "mutating-gtoken-webhook-cfg"
 },
 "webhooks": [
  {
   "admissionReviewVersions": [
    "v1"
   ],
   "clientConfig": {
    "service": {
     "name": "gtoken-webhook-svc",
     "namespace": "@NAMESPACE@",
     "path": "/pods",
     "port": 443
    }
   },
   "failurePolicy": "Ignore",
   "matchConditions": [
    {
     "expression": "!has(object.metadata.annotations) || !(\"kubernetes.io/config.mirror\" in object.metadata.annotations)",
     "name": "not-a-mirror-pod"
    },
    {
     "expression": "!has(object.metadata.labels) || !(\"admission.gtoken/ignore\" in object.metadata.labels) || object.metadata.labels[\"admission.gtoken/ignore\"] != \"true\"",
     "name": "not-opted-out"
    }
   ],
   "matchPolicy": "Equivalent",
   "name": "gtoken.doit-intl.com",
   "namespaceSelector": {
    "matchExpressions": [
     {
      "key": "admission.gtoken/required",
      "operator": "DoesNotExist"
     },
     {
      "key": "admission.gtoken/ignore",
      "operator": "DoesNotExist"
     },
     {
      "key": "kubernetes.io/metadata.name",
      "operator": "NotIn",
      "values": [
       "@NAMESPACE@",
       "kube-system"
      ]
     }
    ]
   },
   "reinvocationPolicy": "IfNeeded",
   "rules": [
    {
     "apiGroups": [
      ""
     ],
     "apiVersions": [
      "v1"
     ],
     "operations": [
      "CREATE"
     ],
     "resources": [
      "pods"
     ],
     "scope": "Namespaced"
    }
   ],
   "sideEffects": "None",
   "timeoutSeconds": 5
  },
  {
   "admissionReviewVersions": [
    "v1"
   ],
   "clientConfig": {
    "service": {
     "name": "gtoken-webhook-svc",
     "namespace": "@NAMESPACE@",
     "path": "/pods",
     "port": 443
    }
   },
   "failurePolicy": "Fail",
   "matchConditions": [
    {
     "expression": "!has(object.metadata.annotations) || !(\"kubernetes.io/config.mirror\" in object.metadata.annotations)",
     "name": "not-a-mirror-pod"
    },
    {
     "expression": "!has(object.metadata.labels) || !(\"admission.gtoken/ignore\" in object.metadata.labels) || object.metadata.labels[\"admission.gtoken/ignore\"] != \"true\"",
     "name": "not-opted-out"
    }
   ],
   "matchPolicy": "Equivalent",
   "name": "required.gtoken.doit-intl.com",
   "namespaceSelector": {
    "matchExpressions": [
     {
      "key": "admission.gtoken/required",
      "operator": "Exists"
     },
     {
      "key": "admission.gtoken/ignore",
      "operator": "DoesNotExist"
     },
     {
      "key": "kubernetes.io/metadata.name",
      "operator": "NotIn",
      "values": [
       "@NAMESPACE@",
       "kube-system"
      ]
     }
    ]
   },
   "reinvocationPolicy": "IfNeeded",
   "rules": [
    {
     "apiGroups": [
      ""
     ],
     "apiVersions": [
      "v1"
     ],
     "operations": [
      "CREATE"
     ],
     "resources": [
      "pods"
     ],
     "scope": "Namespaced"
    }
   ],
   "sideEffects": "None",
   "timeoutSeconds": 5
  }
 ]
}
"""##

    private static let deployment3 = ##"""
{
 "apiVersion": "apps/v1",
 "kind": "Deployment",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "webhook",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook-deployment",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "replicas": 2,
  "selector": {
   "matchLabels": {
    "app": "gtoken-webhook"
   }
  },
  "strategy": {
   "rollingUpdate": {
    "maxSurge": 1,
    "maxUnavailable": 0
   }
  },
  "template": {
   "metadata": {
    "annotations": {
     "prometheus.io/path": "/metrics",
     "prometheus.io/port": "8080",
     "prometheus.io/scrape": "true"
    },
    "labels": {
     "app": "gtoken-webhook",
     "app.kubernetes.io/component": "webhook",
     "app.kubernetes.io/name": "gtoken"
    }
   },
   "spec": {
    "containers": [
     {
      "args": [
       "server",
       "--listen-address=:10250",
       "--telemetry-listen-address=:8080",
       "--tls-cert-file=/etc/webhook/certs/cert.pem",
       "--tls-private-key-file=/etc/webhook/certs/key.pem"
      ],
      "envFrom": [
       {
        "configMapRef": {
         "name": "gtoken-webhook-config-cffh72499k"
        }
       }
      ],
      "image": "@WEBHOOK_IMAGE@",
      "imagePullPolicy": "IfNotPresent",
      "livenessProbe": {
       "httpGet": {
        "path": "/healthz",
        "port": "telemetry"
       },
       "periodSeconds": 10,
       "timeoutSeconds": 5
      },
      "name": "gtoken-webhook",
      "ports": [
       {
        "containerPort": 10250,
        "name": "https"
       },
       {
        "containerPort": 8080,
        "name": "telemetry"
       }
      ],
      "readinessProbe": {
       "httpGet": {
        "path": "/readyz",
        "port": "https",
        "scheme": "HTTPS"
       },
       "periodSeconds": 5,
       "timeoutSeconds": 2
      },
      "resources": {
       "limits": {
        "cpu": "200m",
        "memory": "256Mi"
       },
       "requests": {
        "cpu": "200m",
        "memory": "256Mi"
       }
      },
      "securityContext": {
       "allowPrivilegeEscalation": false,
       "capabilities": {
        "drop": [
         "ALL"
        ]
       },
       "privileged": false,
       "readOnlyRootFilesystem": true
      },
      "startupProbe": {
       "failureThreshold": 60,
       "httpGet": {
        "path": "/healthz",
        "port": "telemetry"
       },
       "periodSeconds": 1
      },
      "volumeMounts": [
       {
        "mountPath": "/etc/webhook/certs",
        "name": "certs",
        "readOnly": true
       }
      ]
     }
    ],
    "enableServiceLinks": false,
    "priorityClassName": "system-cluster-critical",
    "securityContext": {
     "fsGroup": 65532,
     "runAsGroup": 65532,
     "runAsNonRoot": true,
     "runAsUser": 65532,
     "seccompProfile": {
      "type": "RuntimeDefault"
     }
    },
    "serviceAccountName": "gtoken-webhook-sa",
    "terminationGracePeriodSeconds": 30,
    "topologySpreadConstraints": [
     {
      "labelSelector": {
       "matchLabels": {
        "app": "gtoken-webhook"
       }
      },
      "matchLabelKeys": [
       "pod-template-hash"
      ],
      "maxSkew": 1,
      "topologyKey": "kubernetes.io/hostname",
      "whenUnsatisfiable": "ScheduleAnyway"
     },
     {
      "labelSelector": {
       "matchLabels": {
        "app": "gtoken-webhook"
       }
      },
      "matchLabelKeys": [
       "pod-template-hash"
      ],
      "maxSkew": 1,
      "topologyKey": "topology.kubernetes.io/zone",
      "whenUnsatisfiable": "ScheduleAnyway"
     }
    ],
    "volumes": [
     {
      "name": "certs",
      "secret": {
       "defaultMode": 288,
       "secretName": "gtoken-webhook-certs"
      }
     }
    ]
   }
  }
 }
}
"""##

    private static let configMap2 = ##"""
{
 "apiVersion": "v1",
 "data": {
  "gtoken-webhook.json": "{\n  \"title\": \"gtoken webhook\",\n  \"uid\": \"gtoken-webhook\",\n  \"tags\": [\n    \"gtoken\",\n    \"kubernetes\",\n    \"aws\"\n  ],\n  \"schemaVersion\": 39,\n  \"version\": 1,\n  \"editable\": true,\n  \"refresh\": \"1m\",\n  \"timezone\": \"browser\",\n  \"time\": {\n    \"from\": \"now-6h\",\n    \"to\": \"now\"\n  },\n  \"annotations\": {\n    \"list\": []\n  },\n  \"links\": [],\n  \"templating\": {\n    \"list\": [\n      {\n        \"name\": \"datasource\",\n        \"label\": \"Prometheus\",\n        \"type\": \"datasource\",\n        \"query\": \"prometheus\",\n        \"current\": {},\n        \"hide\": 0\n      },\n      {\n        \"name\": \"namespace\",\n        \"label\": \"Namespace\",\n        \"type\": \"query\",\n        \"datasource\": {\n          \"type\": \"prometheus\",\n          \"uid\": \"${datasource}\"\n        },\n        \"query\": {\n          \"query\": \"label_values(gtoken_webhook_connections, namespace)\",\n          \"refId\": \"namespace\"\n        },\n        \"refresh\": 1,\n        \"sort\": 1,\n        \"current\": {},\n        \"includeAll\": true,\n        \"allValue\": \".*\"\n      }\n    ]\n  },\n  \"panels\": [\n    {\n      \"id\": 1,\n      \"type\": \"stat\",\n      \"title\": \"Replicas\",\n      \"description\": \"Replicas that Prometheus reaches.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 0,\n        \"y\": 0,\n        \"w\": 4,\n        \"h\": 4\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"short\",\n          \"thresholds\": {\n            \"mode\": \"absolute\",\n            \"steps\": [\n              {\n                \"color\": \"red\",\n                \"value\": null\n              },\n              {\n                \"color\": \"orange\",\n                \"value\": 1\n              },\n              {\n                \"color\": \"green\",\n                \"value\": 2\n              }\n            ]\n          }\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"count(gtoken_webhook_connections{namespace=~\\\"$namespace\\\"})\",\n          \"legendFormat\": \"\"\n        }\n      ],\n      \"options\": {\n        \"reduceOptions\": {\n          \"calcs\": [\n            \"lastNotNull\"\n          ]\n        },\n        \"colorMode\": \"value\",\n        \"graphMode\": \"none\"\n      }\n    },\n    {\n      \"id\": 2,\n      \"type\": \"stat\",\n      \"title\": \"caBundle\",\n      \"description\": \"Whether the API server trusts every replica's certificate.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 4,\n        \"y\": 0,\n        \"w\": 4,\n        \"h\": 4\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"short\",\n          \"thresholds\": {\n            \"mode\": \"absolute\",\n            \"steps\": [\n              {\n                \"color\": \"red\",\n                \"value\": null\n              },\n              {\n                \"color\": \"green\",\n                \"value\": 1\n              }\n            ]\n          },\n          \"mappings\": [\n            {\n              \"type\": \"value\",\n              \"options\": {\n                \"0\": {\n                  \"text\": \"not trusted\",\n                  \"index\": 0\n                },\n                \"1\": {\n                  \"text\": \"trusted\",\n                  \"index\": 1\n                }\n              }\n            }\n          ]\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"min(gtoken_webhook_ca_bundle_current{namespace=~\\\"$namespace\\\"})\",\n          \"legendFormat\": \"\"\n        }\n      ],\n      \"options\": {\n        \"reduceOptions\": {\n          \"calcs\": [\n            \"lastNotNull\"\n          ]\n        },\n        \"colorMode\": \"value\",\n        \"graphMode\": \"none\"\n      }\n    },\n    {\n      \"id\": 3,\n      \"type\": \"stat\",\n      \"title\": \"Certificate ends in\",\n      \"description\": \"The first of the replicas' certificates to end.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 8,\n        \"y\": 0,\n        \"w\": 4,\n        \"h\": 4\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"s\",\n          \"thresholds\": {\n            \"mode\": \"absolute\",\n            \"steps\": [\n              {\n                \"color\": \"red\",\n                \"value\": null\n              },\n              {\n                \"color\": \"green\",\n                \"value\": 43200\n              }\n            ]\n          }\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"min(gtoken_webhook_certificate_expiry_timestamp_seconds{namespace=~\\\"$namespace\\\"}) - time()\",\n          \"legendFormat\": \"\"\n        }\n      ],\n      \"options\": {\n        \"reduceOptions\": {\n          \"calcs\": [\n            \"lastNotNull\"\n          ]\n        },\n        \"colorMode\": \"value\",\n        \"graphMode\": \"none\"\n      }\n    },\n    {\n      \"id\": 4,\n      \"type\": \"stat\",\n      \"title\": \"Authority ends in\",\n      \"description\": \"Self-managed certificates only.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 12,\n        \"y\": 0,\n        \"w\": 4,\n        \"h\": 4\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"s\",\n          \"thresholds\": {\n            \"mode\": \"absolute\",\n            \"steps\": [\n              {\n                \"color\": \"red\",\n                \"value\": null\n              },\n              {\n                \"color\": \"green\",\n                \"value\": 2592000\n              }\n            ]\n          }\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"min(gtoken_webhook_ca_certificate_expiry_timestamp_seconds{namespace=~\\\"$namespace\\\"}) - time()\",\n          \"legendFormat\": \"\"\n        }\n      ],\n      \"options\": {\n        \"reduceOptions\": {\n          \"calcs\": [\n            \"lastNotNull\"\n          ]\n        },\n        \"colorMode\": \"value\",\n        \"graphMode\": \"none\"\n      }\n    },\n    {\n      \"id\": 5,\n      \"type\": \"stat\",\n      \"title\": \"Opted-in ServiceAccounts\",\n      \"description\": \"ServiceAccounts that name a role.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 16,\n        \"y\": 0,\n        \"w\": 4,\n        \"h\": 4\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"short\",\n          \"thresholds\": {\n            \"mode\": \"absolute\",\n            \"steps\": [\n              {\n                \"color\": \"blue\",\n                \"value\": null\n              }\n            ]\n          }\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"max(gtoken_webhook_service_accounts{namespace=~\\\"$namespace\\\"})\",\n          \"legendFormat\": \"\"\n        }\n      ],\n      \"options\": {\n        \"reduceOptions\": {\n          \"calcs\": [\n            \"lastNotNull\"\n          ]\n        },\n        \"colorMode\": \"value\",\n        \"graphMode\": \"none\"\n      }\n    },\n    {\n      \"id\": 6,\n      \"type\": \"stat\",\n      \"title\": \"ServiceAccounts synced\",\n      \"description\": \"Whether every replica has the list of ServiceAccounts.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 20,\n        \"y\": 0,\n        \"w\": 4,\n        \"h\": 4\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"short\",\n          \"thresholds\": {\n            \"mode\": \"absolute\",\n            \"steps\": [\n              {\n                \"color\": \"red\",\n                \"value\": null\n              },\n              {\n                \"color\": \"green\",\n                \"value\": 1\n              }\n            ]\n          },\n          \"mappings\": [\n            {\n              \"type\": \"value\",\n              \"options\": {\n                \"0\": {\n                  \"text\": \"no\",\n                  \"index\": 0\n                },\n                \"1\": {\n                  \"text\": \"yes\",\n                  \"index\": 1\n                }\n              }\n            }\n          ]\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"min(gtoken_webhook_service_account_cache_synced{namespace=~\\\"$namespace\\\"})\",\n          \"legendFormat\": \"\"\n        }\n      ],\n      \"options\": {\n        \"reduceOptions\": {\n          \"calcs\": [\n            \"lastNotNull\"\n          ]\n        },\n        \"colorMode\": \"value\",\n        \"graphMode\": \"none\"\n      }\n    },\n    {\n      \"id\": 7,\n      \"type\": \"timeseries\",\n      \"title\": \"Admissions by outcome\",\n      \"description\": \"Reviews answered each second.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 0,\n        \"y\": 4,\n        \"w\": 12,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"reqps\",\n          \"min\": 0,\n          \"custom\": {\n            \"fillOpacity\": 30,\n            \"stacking\": {\n              \"mode\": \"normal\"\n            }\n          }\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"sum by (outcome) (rate(gtoken_webhook_admissions_total{namespace=~\\\"$namespace\\\"}[$__rate_interval]))\",\n          \"legendFormat\": \"{{outcome}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 8,\n      \"type\": \"timeseries\",\n      \"title\": \"Not injected and errors, by reason\",\n      \"description\": \"not_opted_in is every Pod that expects no role, and left out here.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 12,\n        \"y\": 4,\n        \"w\": 12,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"reqps\",\n          \"min\": 0,\n          \"custom\": {\n            \"fillOpacity\": 30,\n            \"stacking\": {\n              \"mode\": \"normal\"\n            }\n          }\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"sum by (outcome, reason) (rate(gtoken_webhook_admissions_total{namespace=~\\\"$namespace\\\",outcome=~\\\"not_injected|error\\\",reason!=\\\"not_opted_in\\\"}[$__rate_interval]))\",\n          \"legendFormat\": \"{{outcome}}: {{reason}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 9,\n      \"type\": \"timeseries\",\n      \"title\": \"Time to answer\",\n      \"description\": \"From a whole review to its answer; the API server waits 5 s.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 0,\n        \"y\": 12,\n        \"w\": 12,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"s\",\n          \"min\": 0\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"histogram_quantile(0.5, sum by (le) (rate(gtoken_webhook_admission_duration_seconds_bucket{namespace=~\\\"$namespace\\\"}[$__rate_interval])))\",\n          \"legendFormat\": \"p50\"\n        },\n        {\n          \"refId\": \"B\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"histogram_quantile(0.9, sum by (le) (rate(gtoken_webhook_admission_duration_seconds_bucket{namespace=~\\\"$namespace\\\"}[$__rate_interval])))\",\n          \"legendFormat\": \"p90\"\n        },\n        {\n          \"refId\": \"C\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"histogram_quantile(0.99, sum by (le) (rate(gtoken_webhook_admission_duration_seconds_bucket{namespace=~\\\"$namespace\\\"}[$__rate_interval])))\",\n          \"legendFormat\": \"p99\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 10,\n      \"type\": \"timeseries\",\n      \"title\": \"Live GETs of ServiceAccounts\",\n      \"description\": \"Asked of the Kubernetes API, by result. A Pod whose ServiceAccount names no role costs one.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 12,\n        \"y\": 12,\n        \"w\": 12,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"reqps\",\n          \"min\": 0,\n          \"custom\": {\n            \"fillOpacity\": 30,\n            \"stacking\": {\n              \"mode\": \"normal\"\n            }\n          }\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"sum by (result) (rate(gtoken_webhook_service_account_lookups_total{namespace=~\\\"$namespace\\\"}[$__rate_interval]))\",\n          \"legendFormat\": \"{{result}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 11,\n      \"type\": \"timeseries\",\n      \"title\": \"Age of the cache\",\n      \"description\": \"Seconds since the watch last said something.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 0,\n        \"y\": 20,\n        \"w\": 8,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"s\",\n          \"min\": 0\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"gtoken_webhook_service_account_cache_age_seconds{namespace=~\\\"$namespace\\\"}\",\n          \"legendFormat\": \"{{instance}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 12,\n      \"type\": \"timeseries\",\n      \"title\": \"Connections\",\n      \"description\": \"Open connections of each replica.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 8,\n        \"y\": 20,\n        \"w\": 8,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"short\",\n          \"min\": 0\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"gtoken_webhook_connections{namespace=~\\\"$namespace\\\"}\",\n          \"legendFormat\": \"{{instance}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 13,\n      \"type\": \"timeseries\",\n      \"title\": \"Turned away\",\n      \"description\": \"Connections and requests refused, and requests that were no review.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 16,\n        \"y\": 20,\n        \"w\": 8,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"reqps\",\n          \"min\": 0\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"sum by (reason) (rate(gtoken_webhook_rejected_total{namespace=~\\\"$namespace\\\"}[$__rate_interval]))\",\n          \"legendFormat\": \"{{reason}}\"\n        },\n        {\n          \"refId\": \"B\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"sum(rate(gtoken_webhook_bad_requests_total{namespace=~\\\"$namespace\\\"}[$__rate_interval]))\",\n          \"legendFormat\": \"no review\"\n        },\n        {\n          \"refId\": \"C\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"sum(rate(gtoken_webhook_unauthenticated_requests_total{namespace=~\\\"$namespace\\\"}[$__rate_interval]))\",\n          \"legendFormat\": \"no client certificate\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 14,\n      \"type\": \"timeseries\",\n      \"title\": \"CPU\",\n      \"description\": \"Of each replica, in cores.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 0,\n        \"y\": 28,\n        \"w\": 6,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"short\",\n          \"min\": 0\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"rate(process_cpu_seconds_total{namespace=~\\\"$namespace\\\"}[$__rate_interval]) and gtoken_webhook_connections{namespace=~\\\"$namespace\\\"}\",\n          \"legendFormat\": \"{{instance}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 15,\n      \"type\": \"timeseries\",\n      \"title\": \"Memory\",\n      \"description\": \"Resident memory of each replica.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 6,\n        \"y\": 28,\n        \"w\": 6,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"bytes\",\n          \"min\": 0\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"process_resident_memory_bytes{namespace=~\\\"$namespace\\\"} and gtoken_webhook_connections{namespace=~\\\"$namespace\\\"}\",\n          \"legendFormat\": \"{{instance}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 16,\n      \"type\": \"timeseries\",\n      \"title\": \"Reviews in memory\",\n      \"description\": \"Bytes of request bodies that are held.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 12,\n        \"y\": 28,\n        \"w\": 6,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"bytes\",\n          \"min\": 0\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"gtoken_webhook_request_body_bytes{namespace=~\\\"$namespace\\\"}\",\n          \"legendFormat\": \"{{instance}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    },\n    {\n      \"id\": 17,\n      \"type\": \"timeseries\",\n      \"title\": \"Open files\",\n      \"description\": \"File descriptors of each replica.\",\n      \"datasource\": {\n        \"type\": \"prometheus\",\n        \"uid\": \"${datasource}\"\n      },\n      \"gridPos\": {\n        \"x\": 18,\n        \"y\": 28,\n        \"w\": 6,\n        \"h\": 8\n      },\n      \"fieldConfig\": {\n        \"defaults\": {\n          \"unit\": \"short\",\n          \"min\": 0\n        },\n        \"overrides\": []\n      },\n      \"targets\": [\n        {\n          \"refId\": \"A\",\n          \"datasource\": {\n            \"type\": \"prometheus\",\n            \"uid\": \"${datasource}\"\n          },\n          \"expr\": \"process_open_fds{namespace=~\\\"$namespace\\\"} and gtoken_webhook_connections{namespace=~\\\"$namespace\\\"}\",\n          \"legendFormat\": \"{{instance}}\"\n        }\n      ],\n      \"options\": {\n        \"legend\": {\n          \"displayMode\": \"list\",\n          \"placement\": \"bottom\"\n        },\n        \"tooltip\": {\n          \"mode\": \"multi\",\n          \"sort\": \"desc\"\n        }\n      }\n    }\n  ]\n}\n"
 },
 "kind": "ConfigMap",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "monitoring",
   "app.kubernetes.io/name": "gtoken",
   "grafana_dashboard": "1"
  },
  "name": "gtoken-webhook-dashboard",
  "namespace": "@NAMESPACE@"
 }
}
"""##

    private static let podMonitor1 = ##"""
{
 "apiVersion": "monitoring.coreos.com/v1",
 "kind": "PodMonitor",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "monitoring",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "podMetricsEndpoints": [
   {
    "path": "/metrics",
    "port": "telemetry"
   }
  ],
  "selector": {
   "matchLabels": {
    "app": "gtoken-webhook"
   }
  }
 }
}
"""##

    private static let prometheusRule1 = ##"""
{
 "apiVersion": "monitoring.coreos.com/v1",
 "kind": "PrometheusRule",
 "metadata": {
  "labels": {
   "app.kubernetes.io/component": "monitoring",
   "app.kubernetes.io/name": "gtoken"
  },
  "name": "gtoken-webhook",
  "namespace": "@NAMESPACE@"
 },
 "spec": {
  "groups": [
   {
    "name": "gtoken-webhook",
    "rules": [
     {
      "alert": "GTokenWebhookDown",
      "annotations": {
       "description": "Pods of most namespaces are admitted without their AWS role; Pods of namespaces labelled admission.gtoken/required are refused. Look at \"kubectl -n gtoken get pods,events\" first; if the replicas are ready, Prometheus does not reach port 8080 (NetworkPolicy gtoken-webhook-np).",
       "summary": "No replica of the gtoken webhook is being scraped."
      },
      "expr": "absent(gtoken_webhook_connections)",
      "for": "5m",
      "labels": {
       "severity": "critical"
      }
     },
     {
      "alert": "GTokenWebhookOneReplica",
      "annotations": {
       "description": "One more failure and Pods get no role. \"kubectl -n gtoken describe pods\" says why the other does not run: no room, an image that cannot be pulled, or a quota (gtoken-webhook-quota).",
       "summary": "Only one replica of the gtoken webhook is running."
      },
      "expr": "count(gtoken_webhook_connections) < 2",
      "for": "15m",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenWebhookRestarts",
      "annotations": {
       "description": "\"kubectl -n gtoken describe pod\" has the reason of the last end; OOMKilled asks for a higher memory limit, anything else for \"kubectl -n gtoken logs --previous\".",
       "summary": "The gtoken webhook {{ $labels.instance }} started {{ $value }} times within an hour."
      },
      "expr": "changes(process_start_time_seconds[1h]) > 2 and gtoken_webhook_connections",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenWebhookMemory",
      "annotations": {
       "description": "It is ended at the limit. Raise requests and limits together in an overlay of yours; many thousands of opted-in ServiceAccounts and very large Pods are the usual reasons.",
       "summary": "The gtoken webhook {{ $labels.instance }} uses {{ $value | humanize1024 }}B of 256Mi."
      },
      "expr": "process_resident_memory_bytes > 0.8 * 268435456 and gtoken_webhook_connections",
      "for": "10m",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenPodsWithoutRole",
      "annotations": {
       "description": "Their ServiceAccount names a role and they were not injected. The webhook's log has a line for each, with the namespace and what to do: kubectl -n gtoken logs -l app=gtoken-webhook | grep {{ $labels.reason }}. A Pod keeps the form it was created with: recreate it when the reason is gone.",
       "summary": "Pods were created without the AWS role they ask for ({{ $labels.reason }})."
      },
      "expr": "sum by (reason) (\n  increase(gtoken_webhook_admissions_total{outcome=\"not_injected\", reason!~\"not_a_pod_creation|service_account_not_found|not_opted_in|opted_out|mirror_pod|all_containers_skipped|no_containers|malformed_pod\"}[15m]) > 0\n  or\n  (\n    gtoken_webhook_admissions_total{outcome=\"not_injected\", reason!~\"not_a_pod_creation|service_account_not_found|not_opted_in|opted_out|mirror_pod|all_containers_skipped|no_containers|malformed_pod\"}\n    unless\n    gtoken_webhook_admissions_total offset 15m\n  ) > 0\n)\n",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenAdmissionErrors",
      "annotations": {
       "description": "Those Pods are admitted without a role, or refused in namespaces labelled admission.gtoken/required. It does not get ServiceAccounts from the Kubernetes API: GTokenServiceAccountLookupsFail says in which way.",
       "summary": "The gtoken webhook cannot decide about {{ $value | humanizePercentage }} of Pods ({{ $labels.reason }})."
      },
      "expr": "sum by (reason) (rate(gtoken_webhook_admissions_total{outcome=\"error\"}[5m]))\n  / on () group_left () sum(rate(gtoken_webhook_admissions_total[5m])) > 0.01\n",
      "for": "5m",
      "labels": {
       "severity": "critical"
      }
     },
     {
      "alert": "GTokenAdmissionsSlow",
      "annotations": {
       "description": "The API server waits 5 s. Compare with gtoken_webhook_service_account_lookups_total (a slow Kubernetes API) and with the CPU limit (container_cpu_cfs_throttled_periods_total); more replicas or more CPU help with the latter.",
       "summary": "One of a hundred admissions takes the gtoken webhook more than {{ $value | humanizeDuration }}."
      },
      "expr": "histogram_quantile(0.99, sum by (le) (rate(gtoken_webhook_admission_duration_seconds_bucket[5m]))) > 1\n",
      "for": "10m",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenServiceAccountLookupsFail",
      "annotations": {
       "description": "\"refused\" means rights: ClusterRole gtoken-webhook-cr and its binding. \"unreachable\" means the API server, the network or a policy on egress. \"failed\" is an answer that made no sense; the log has it.",
       "summary": "The Kubernetes API does not give ServiceAccounts to the gtoken webhook ({{ $labels.result }})."
      },
      "expr": "sum by (result) (rate(gtoken_webhook_service_account_lookups_total{result!~\"found|not_found\"}[5m])) > 0\n",
      "for": "5m",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenServiceAccountCacheNotSynced",
      "annotations": {
       "description": "Each admission then costs a request to the Kubernetes API, and none is answered while that is away. Its account needs \"list\" and \"watch\" on serviceaccounts (ClusterRole gtoken-webhook-cr); the Go project's role has neither.",
       "summary": "The gtoken webhook {{ $labels.instance }} has no list of ServiceAccounts."
      },
      "expr": "gtoken_webhook_service_account_cache_synced == 0",
      "for": "10m",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenServiceAccountCacheStale",
      "annotations": {
       "description": "A watch says something each minute. Until it does again, a Pod may get the role that its ServiceAccount had before. The log says what the Kubernetes API answers to the watch.",
       "summary": "The gtoken webhook {{ $labels.instance }} heard of no ServiceAccount for {{ $value | humanizeDuration }}."
      },
      "expr": "gtoken_webhook_service_account_cache_age_seconds > 300 and gtoken_webhook_service_account_cache_synced == 1\n",
      "for": "5m",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenCertificateExpires",
      "annotations": {
       "description": "From then on no API server believes it and Pods get no role. Self-managed: the log says why it was not renewed; a restart makes a new one. Otherwise renew the Secret gtoken-webhook-certs (docs/deploy.md, Certificates).",
       "summary": "The certificate of the gtoken webhook {{ $labels.instance }} ends in {{ $value | humanizeDuration }}."
      },
      "expr": "gtoken_webhook_certificate_expiry_timestamp_seconds - time() < 12 * 3600",
      "for": "5m",
      "labels": {
       "severity": "critical"
      }
     },
     {
      "alert": "GTokenCertificateFileExpires",
      "annotations": {
       "description": "With cert-manager, \"kubectl -n gtoken describe certificate gtoken-webhook-certs\" says why it was not renewed. Otherwise make a new one: docs/deploy.md, Certificates, has the order of the steps.",
       "summary": "The certificate file of the gtoken webhook {{ $labels.instance }} ends in {{ $value | humanizeDuration }}."
      },
      "expr": "gtoken_webhook_certificate_expiry_timestamp_seconds - time() < 14 * 86400\n  unless gtoken_webhook_ca_certificate_expiry_timestamp_seconds\n",
      "for": "1h",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenCACertificateExpires",
      "annotations": {
       "description": "It renews itself long before. The log says what keeps it: most likely rights on the Secret gtoken-webhook-ca (Role gtoken-webhook-ca) or on its registration (ClusterRole gtoken-webhook-ca-bundle).",
       "summary": "The authority of the gtoken webhook ends in {{ $value | humanizeDuration }}."
      },
      "expr": "gtoken_webhook_ca_certificate_expiry_timestamp_seconds - time() < 30 * 86400",
      "for": "1h",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenCABundleNotCurrent",
      "annotations": {
       "description": "Its certificate does not chain to caBundle in MutatingWebhookConfiguration mutating-gtoken-webhook-cfg, so it is not ready. It repairs caBundle itself unless it may not (ClusterRole gtoken-webhook-ca-bundle) or something sets it back: a GitOps tool needs to ignore that field (docs/deploy.md, GitOps).",
       "summary": "The API server does not trust the gtoken webhook {{ $labels.instance }}."
      },
      "expr": "gtoken_webhook_ca_bundle_current == 0",
      "for": "5m",
      "labels": {
       "severity": "critical"
      }
     },
     {
      "alert": "GTokenRequestsRejected",
      "annotations": {
       "description": "\"handshake\" is mostly a client that does not trust the certificate; \"connection_limit\" and \"body_limit\" are more than one replica takes: add replicas; the rest is no API server's doing: look for who else reaches port 10250.",
       "summary": "The gtoken webhook turns requests away ({{ $labels.reason }})."
      },
      "expr": "sum by (reason) (rate(gtoken_webhook_rejected_total[5m])) > 0.1",
      "for": "10m",
      "labels": {
       "severity": "warning"
      }
     },
     {
      "alert": "GTokenUnauthenticatedReviews",
      "annotations": {
       "description": "They are refused, because --client-ca-file is set. If they are the API server's, its AdmissionConfiguration names no certificate for this webhook; if not, somebody in the cluster asks for roles.",
       "summary": "Reviews reach the gtoken webhook without a client certificate."
      },
      "expr": "sum(rate(gtoken_webhook_unauthenticated_requests_total[15m])) > 0",
      "for": "15m",
      "labels": {
       "severity": "warning"
      }
     }
    ]
   }
  ]
 }
}
"""##
}
