#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

// HTTP routes by google.api.http: "/v1/{name=appeals/*}:watch".

namespace veche::gateway {

// A variable of a path: the segments that are the field's value.
struct PathVariable {
  std::string field;  // "name"
  size_t begin, end;  // segments; end == kRest for "**"
  static constexpr size_t kRest = ~size_t{0};
};

// A parsed path template.
struct PathTemplate {
  // InvalidArgument when `text` is not a path template.
  static absl::StatusOr<PathTemplate> Parse(absl::string_view text);
  std::vector<std::string> segments;  // literal, "*" or "**" (last)
  std::vector<PathVariable> variables;
  std::string verb;  // "watch"
};

// One HTTP method and path of an RPC.
struct Route {
  const google::protobuf::MethodDescriptor* rpc;
  std::string http_method;  // "GET"
  std::string pattern;      // "/v1/{name=appeals/*}"
  PathTemplate path;
  std::string body;           // "", "*" or a field
  std::string response_body;  // "" or a field
  size_t index = 0;           // in Router::routes()
};

// The route of a request, and the values in its path.
struct RouteMatch {
  const Route* route = nullptr;  // null: the path has no route for this method
  std::vector<std::pair<absl::string_view, std::string>> variables;  // field, decoded value
  std::string allow;  // if route is null and other methods exist: "GET, HEAD, OPTIONS"
};

// Finds the route of a request. Thread-safe after the last Add.
class Router {
 public:
  Router();
  ~Router();

  // Adds all annotated methods of a service. InvalidArgument when a pattern is malformed, names an
  // unknown field, or two routes are the same.
  absl::Status Add(const google::protobuf::ServiceDescriptor& service);

  // NotFound when no route has the path, InvalidArgument when the path is malformed (escapes,
  // UTF-8). HEAD finds GET's route.
  absl::StatusOr<RouteMatch> Match(absl::string_view method, absl::string_view path) const;

  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  struct Node;
  absl::Status AddRoute(std::unique_ptr<Route> route);
  const Node* Find(const Node& node, const std::vector<absl::string_view>& segments, size_t at,
                   absl::string_view verb) const;

  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace veche::gateway
