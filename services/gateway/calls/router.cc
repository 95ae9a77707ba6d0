#include "services/gateway/calls/router.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/http/text.h"
#include "google/api/annotations.pb.h"

namespace veche::gateway {
namespace {

using google::api::HttpRule;

std::pair<std::string, std::string> MethodAndPath(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return {"GET", rule.get()};
    case HttpRule::kPut:
      return {"PUT", rule.put()};
    case HttpRule::kPost:
      return {"POST", rule.post()};
    case HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    case HttpRule::kCustom:
      return {rule.custom().kind(), rule.custom().path()};
    case HttpRule::PATTERN_NOT_SET:
      break;
  }
  return {};
}

bool HasField(const google::protobuf::Descriptor* message, absl::string_view path) {
  for (absl::string_view name : absl::StrSplit(path, '.')) {
    const auto* field = message ? message->FindFieldByName(std::string(name)) : nullptr;
    if (field == nullptr) return false;
    message = field->message_type();
  }
  return true;
}

// The value of a variable. In a variable of several segments an encoded slash stays encoded, so
// that "appeals/a%2Fb" is not taken for "appeals/a/b".
absl::StatusOr<std::string> Value(const PathVariable& variable,
                                  const std::vector<absl::string_view>& segments) {
  const size_t end = std::min(variable.end, segments.size());
  if (end - variable.begin == 1)
    return http::PercentDecode(segments[variable.begin], /*plus=*/false);
  std::string result;
  for (size_t i = variable.begin; i < end; ++i) {
    ASSIGN_OR_RETURN(const std::string segment, http::PercentDecode(segments[i], /*plus=*/false));
    if (i > variable.begin) result += '/';
    absl::StrAppend(&result, absl::StrReplaceAll(segment, {{"/", "%2F"}}));
  }
  return result;
}

}  // namespace

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> any;   // "*"
  std::unique_ptr<Node> rest;  // "**"
  // By verb, then by HTTP method.
  std::map<std::string, std::map<std::string, const Route*, std::less<>>, std::less<>> routes;
};

absl::StatusOr<PathTemplate> PathTemplate::Parse(absl::string_view text) {
  const auto malformed = [&] {
    return absl::InvalidArgumentError(absl::StrCat("malformed path template ", text));
  };
  PathTemplate result;
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, "/")) return malformed();
  // The verb follows the last segment; a colon within braces is not one.
  const size_t colon = rest.rfind(':');
  if (colon != absl::string_view::npos &&
      rest.find_first_of("/}", colon) == absl::string_view::npos) {
    result.verb = std::string(rest.substr(colon + 1));
    rest = rest.substr(0, colon);
  }
  while (!rest.empty()) {
    const bool variable = absl::ConsumePrefix(&rest, "{");
    const size_t end = rest.find(variable ? '}' : '/');
    if (variable && end == absl::string_view::npos) return malformed();
    const absl::string_view piece = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), piece.size() + (variable ? 1 : 0)));
    const size_t begin = result.segments.size();
    absl::string_view pattern = piece;
    if (variable) {
      const size_t equals = piece.find('=');
      pattern = equals == absl::string_view::npos ? "*" : piece.substr(equals + 1);
      result.variables.push_back({std::string(piece.substr(0, equals)), begin, 0});
    }
    for (absl::string_view segment : absl::StrSplit(pattern, '/')) {
      if (segment.empty()) return malformed();
      result.segments.emplace_back(segment);
    }
    if (variable) {
      result.variables.back().end =
          result.segments.back() == "**" ? PathVariable::kRest : result.segments.size();
    }
    if (!rest.empty() && !absl::ConsumePrefix(&rest, "/")) return malformed();
  }
  if (result.segments.empty()) return malformed();
  return result;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

absl::Status Router::Add(const google::protobuf::ServiceDescriptor& service) {
  for (int i = 0; i < service.method_count(); ++i) {
    const auto* method = service.method(i);
    if (!method->options().HasExtension(google::api::http)) continue;
    const HttpRule& first = method->options().GetExtension(google::api::http);
    std::vector<const HttpRule*> rules = {&first};
    for (const HttpRule& other : first.additional_bindings()) rules.push_back(&other);
    for (const HttpRule* rule : rules) {
      auto route = std::make_unique<Route>();
      route->rpc = method;
      std::tie(route->http_method, route->pattern) = MethodAndPath(*rule);
      ASSIGN_OR_RETURN(route->path, PathTemplate::Parse(route->pattern));
      route->body = rule->body();
      route->response_body = rule->response_body();
      RETURN_IF_ERROR(AddRoute(std::move(route)));
    }
  }
  return absl::OkStatus();
}

absl::Status Router::AddRoute(std::unique_ptr<Route> route) {
  const auto wrong = [&](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(route->rpc->full_name(), ": route ", route->pattern, " ", what));
  };
  for (const PathVariable& variable : route->path.variables) {
    if (!HasField(route->rpc->input_type(), variable.field)) {
      return wrong(absl::StrCat("names an unknown field ", variable.field));
    }
  }
  if (!route->body.empty() && route->body != "*" &&
      !HasField(route->rpc->input_type(), route->body)) {
    return wrong("has an unknown body field");
  }
  if (!route->response_body.empty() && !HasField(route->rpc->output_type(), route->response_body)) {
    return wrong("has an unknown response_body field");
  }
  Node* node = root_.get();
  for (const std::string& segment : route->path.segments) {
    std::unique_ptr<Node>& next = segment == "*"    ? node->any
                                  : segment == "**" ? node->rest
                                                    : node->literals[segment];
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
  }
  if (!node->routes[route->path.verb].emplace(route->http_method, route.get()).second) {
    return wrong("exists twice");
  }
  route->index = routes_.size();
  routes_.push_back(std::move(route));
  return absl::OkStatus();
}

const Router::Node* Router::Find(const Node& node, const std::vector<absl::string_view>& segments,
                                 size_t at, absl::string_view verb) const {
  if (at == segments.size()) return node.routes.find(verb) == node.routes.end() ? nullptr : &node;
  if (segments[at].empty()) return nullptr;
  const auto literal = node.literals.find(segments[at]);
  if (literal != node.literals.end()) {
    if (const Node* found = Find(*literal->second, segments, at + 1, verb)) return found;
  }
  if (node.any) {
    if (const Node* found = Find(*node.any, segments, at + 1, verb)) return found;
  }
  if (node.rest) return Find(*node.rest, segments, segments.size(), verb);
  return nullptr;
}

absl::StatusOr<RouteMatch> Router::Match(absl::string_view method, absl::string_view path) const {
  const absl::Status none = absl::NotFoundError("no such route");
  if (!absl::ConsumePrefix(&path, "/")) return none;
  std::vector<absl::string_view> segments = absl::StrSplit(path, '/');
  // A bare colon in the last segment always begins a verb; in an id it comes as %3A.
  absl::string_view verb;
  const size_t colon = segments.back().rfind(':');
  if (colon != absl::string_view::npos) {
    verb = segments.back().substr(colon + 1);
    segments.back() = segments.back().substr(0, colon);
  }
  const Node* node = Find(*root_, segments, 0, verb);
  if (node == nullptr) return none;
  const auto& methods = node->routes.find(verb)->second;
  RouteMatch match;
  auto found = methods.find(method);
  if (found == methods.end() && method == "HEAD") found = methods.find("GET");
  if (found == methods.end()) {
    std::vector<absl::string_view> allow;
    for (const auto& [name, route] : methods) {
      allow.push_back(name);
      if (name == "GET" && !route->rpc->server_streaming()) allow.push_back("HEAD");
    }
    allow.push_back("OPTIONS");
    match.allow = absl::StrJoin(allow, ", ");
    return match;
  }
  match.route = found->second;
  for (const PathVariable& variable : match.route->path.variables) {
    ASSIGN_OR_RETURN(std::string value, Value(variable, segments));
    match.variables.emplace_back(variable.field, std::move(value));
  }
  return match;
}

}  // namespace veche::gateway
