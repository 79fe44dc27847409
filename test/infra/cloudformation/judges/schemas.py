"""Attributes and tags of resource types, from the resource schemas that cfn-lint brings: names in argv, JSON out."""

import json
import os
import sys

import cfnlint

root = os.path.join(os.path.dirname(cfnlint.__file__), "data", "schemas")
with open(os.path.join(root, "providers", "ap-northeast-1.json")) as file:
    provider = json.load(file)
answer = {}
for name in sys.argv[1:]:
    with open(os.path.join(root, "resources", provider[name] + ".json")) as file:
        schema = json.load(file)
    tagging = schema.get("tagging", {})
    place = tagging.get("tagProperty", "/properties/Tags").removeprefix("/properties/")
    takes = tagging.get("taggable", True) and place in schema["properties"]
    answer[name] = {
        "attributes": [path.removeprefix("/properties/") for path in schema.get("readOnlyProperties", [])],
        "tags": place if takes else None,
    }
print(json.dumps(answer))
