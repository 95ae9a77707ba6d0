// Validates Kubernetes objects, a JSON array on standard input, against the schemas of kubernetes-models. Prints a line
// for each fault; ends with 1 if there is one.
//
// The schemas allow fields that they do not know. Their code reads each field that they know: a field that has not been
// read is unknown.
"use strict";

const fs = require("fs");
const path = require("path");

// By path: the package exports the models that refer to the schemas, not the schemas.
const SCHEMAS = path.join(__dirname, "node_modules/kubernetes-models/_schemas");

function validatorOf(object) {
  const [group, version] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : ["core", object.apiVersion];
  const words = [...group.replace(/\.k8s\.io$/, "").split("."), version];
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join("");
  return require(path.join(SCHEMAS, `IoK8sApi${name}${object.kind}.js`)).validate;
}

// A view of `value` that takes the paths of the fields that are read out of `unread`.
function watch(value, place, unread) {
  if (value === null || typeof value !== "object") return value;
  for (const key of Object.keys(value)) unread.add(`${place}/${key}`);
  const children = new Map();
  return new Proxy(value, {
    get(target, key) {
      if (!Object.prototype.hasOwnProperty.call(target, key) || key === "length") return target[key];
      unread.delete(`${place}/${key}`);
      if (!children.has(key)) children.set(key, watch(target[key], `${place}/${key}`, unread));
      return children.get(key);
    },
  });
}

function faultsOf(object) {
  let validate;
  try {
    validate = validatorOf(object);
  } catch {
    return [`there is no ${object.kind} in ${object.apiVersion}`];
  }
  const unread = new Set();
  if (!validate(watch(object, "", unread))) {
    return validate.errors.map((error) => `${error.instancePath} ${error.message || JSON.stringify(error.params)}`);
  }
  return [...unread].map((place) => `${place} is no field of ${object.kind} in ${object.apiVersion}`);
}

let faults = 0;
for (const object of JSON.parse(fs.readFileSync(0, "utf8"))) {
  for (const fault of faultsOf(object)) {
    console.log(`${object.kind} ${object.metadata && object.metadata.name}: ${fault}`);
    faults++;
  }
}
process.exit(faults === 0 ? 0 : 1);
