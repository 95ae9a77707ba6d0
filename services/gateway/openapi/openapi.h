#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "services/gateway/calls/router.h"

namespace veche::gateway {

// The OpenAPI 3.1 document of the services' annotated methods, with the protos' comments.
std::string MakeOpenApi(const std::vector<const google::protobuf::ServiceDescriptor*>& services);

// A path as OpenAPI writes it, "/v1/appeals/{appeal}:watch", and its parameters.
struct ApiPath {
  struct Parameter {
    std::string name;         // "appeal"
    std::string field;        // of the request: "name"
    std::string description;  // "The id in appeals/{id}."
  };
  std::string text;
  std::vector<Parameter> parameters;
};
ApiPath ApiPathOf(const Route& route);

// Whether a caller without a token may call it.
bool IsPublic(const google::protobuf::MethodDescriptor& rpc);
// "Lists appeals" of a comment's first sentence.
absl::string_view FirstSentence(absl::string_view comment);

}  // namespace veche::gateway
