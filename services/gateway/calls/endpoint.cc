#include "services/gateway/calls/endpoint.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "veche/options/v1/options.pb.h"

namespace veche::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr char kHttpBody[] = "google.api.HttpBody";

uint32_t StringField(const Descriptor& message, const char* name) {
  const FieldDescriptor* field = message.FindFieldByName(name);
  const bool fits = field != nullptr && !field->is_repeated() &&
                    field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  return fits ? field->number() : 0;
}

const FieldDescriptor* EventIdField(const Descriptor& message) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->options().GetExtension(options::v1::event_id)) return message.field(i);
  }
  return nullptr;
}

bool HasSensitiveField(const Descriptor& message) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->options().GetExtension(options::v1::sensitive)) return true;
  }
  return false;
}

uint32_t NumberOf(const Descriptor& message, const std::string& name) {
  return name.empty() || name == "*" ? 0 : message.FindFieldByName(name)->number();
}

absl::StatusOr<Endpoint::Kind> KindOf(const google::protobuf::MethodDescriptor& rpc) {
  const bool file_in = rpc.input_type()->full_name() == kHttpBody;
  const bool file_out = rpc.output_type()->full_name() == kHttpBody;
  if (rpc.client_streaming()) {
    if (file_in && !rpc.server_streaming()) return Endpoint::Kind::kUpload;
    return absl::InvalidArgumentError(
        absl::StrCat(rpc.full_name(), ": of client streams only files have an HTTP form"));
  }
  if (!rpc.server_streaming()) return Endpoint::Kind::kUnary;
  return file_out ? Endpoint::Kind::kDownload : Endpoint::Kind::kEvents;
}

absl::StatusOr<uint32_t> AwaitedField(const google::protobuf::MethodDescriptor& rpc) {
  const std::string& name = rpc.options().GetExtension(options::v1::accepted_without);
  if (name.empty()) return 0;
  const FieldDescriptor* field = rpc.output_type()->FindFieldByName(name);
  const bool fits = field != nullptr && !field->is_repeated() &&
                    (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
                     field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE);
  if (fits) return field->number();
  return absl::InvalidArgumentError(absl::StrCat(
      rpc.full_name(), ": accepted_without must name a message, string or bytes field"));
}

// "appeals/*" of "/v1/{name=appeals/*}/timeline".
std::string ResourcePattern(const PathTemplate& path) {
  if (path.variables.size() != 1 || path.variables[0].end == PathVariable::kRest) return "";
  const auto begin = path.segments.begin();
  return absl::StrJoin(begin + path.variables[0].begin, begin + path.variables[0].end, "/");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Endpoint>> Endpoint::Create(const Route& route, json::Tables& tables,
                                                           Upstream& upstream,
                                                           prometheus::Registry& registry) {
  const auto& rpc = *route.rpc;
  const absl::StatusOr<Kind> kind = KindOf(rpc);
  if (!kind.ok()) return kind.status();
  auto endpoint = std::make_unique<Endpoint>();
  endpoint->route = &route;
  endpoint->kind = *kind;
  endpoint->upstream = &upstream;
  endpoint->method = absl::StrCat("/", rpc.service()->full_name(), "/", rpc.name());
  endpoint->request = &tables.Get(rpc.input_type());
  endpoint->response = &tables.Get(rpc.output_type());
  endpoint->body_field = NumberOf(*rpc.input_type(), route.body);
  endpoint->response_field = NumberOf(*rpc.output_type(), route.response_body);
  endpoint->changes = route.http_method != "GET";
  const auto idempotency = rpc.options().idempotency_level();
  endpoint->idempotent = idempotency != google::protobuf::MethodOptions::IDEMPOTENCY_UNKNOWN;
  endpoint->reads = idempotency == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
  endpoint->response_name = StringField(*rpc.output_type(), "name");
  endpoint->created = route.http_method == "POST" && route.path.verb.empty() &&
                      endpoint->response_name != 0 && route.path.segments.back() != "*";
  endpoint->response_etag = StringField(*rpc.output_type(), "etag");
  endpoint->request_etag = StringField(*rpc.input_type(), "etag") != 0;
  if (const FieldDescriptor* field = EventIdField(*rpc.input_type())) {
    endpoint->request_event_id = field->name();
  }
  if (const FieldDescriptor* field = EventIdField(*rpc.output_type())) {
    endpoint->response_event_id = field->number();
  }
  if (!endpoint->changes && endpoint->kind == Kind::kUnary) {
    const auto& cache = rpc.options().GetExtension(options::v1::cache);
    endpoint->cache_ttl = absl::Seconds(cache.max_age_seconds());
    endpoint->cache_by_language = cache.by_language();
  }
  endpoint->document =
      endpoint->kind == Kind::kUnary && rpc.output_type()->full_name() == kHttpBody;
  endpoint->anonymous = rpc.options().GetExtension(options::v1::anonymous);
  ASSIGN_OR_RETURN(endpoint->awaited_field, AwaitedField(rpc));
  endpoint->takes_secrets = HasSensitiveField(*rpc.input_type());
  endpoint->resource = ResourcePattern(route.path);
  endpoint->metrics = std::make_unique<RouteMetrics>(registry, route.pattern, route.http_method);
  return endpoint;
}

}  // namespace veche::gateway
