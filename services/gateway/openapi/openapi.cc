#include "services/gateway/openapi/openapi.h"

#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/gateway/openapi/api_schema.h"
#include "services/gateway/openapi/documentation.h"
#include "veche/options/v1/options.pb.h"

namespace veche::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

constexpr char kHttpBody[] = "google.api.HttpBody";
constexpr int kQueryDepth = 3;

constexpr absl::string_view kInfo = R"({
  "title":"Veche","version":"v1",
  "description":"The line between a city and its residents. JSON is proto3 JSON: lowerCamelCase names, RFC 3339 times, 64-bit integers as strings; unknown fields are refused. Errors are RFC 9457 problem documents.",
  "license":{"name":"Apache-2.0","identifier":"Apache-2.0"}})";

constexpr absl::string_view kParameters = R"({
  "IdempotencyKey":{"name":"Idempotency-Key","in":"header","schema":{"type":"string","maxLength":128},"description":"The same key and body from the same caller gives the same answer for 48 hours. Without a token, take a UUID: a key under 16 characters holds for one address only."},
  "IfMatch":{"name":"If-Match","in":"header","schema":{"type":"string"},"description":"The resource's ETag: 412 when it has changed since."},
  "IfNoneMatch":{"name":"If-None-Match","in":"header","schema":{"type":"string"},"description":"The ETag of what the client has: 304 when it is still so."},
  "LastEventId":{"name":"Last-Event-ID","in":"header","schema":{"type":"string"},"description":"The id of the last event seen: the stream goes on after it."}})";

constexpr absl::string_view kResponses = R"({
  "Problem":{"description":"What went wrong, and what to do.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}})";

constexpr absl::string_view kProblemSchema = R"({
  "type":"object","description":"An error (RFC 9457).","required":["type","title","status","detail","code"],
  "properties":{
    "type":{"type":"string","format":"uri-reference","description":"Names the kind of problem."},
    "title":{"type":"string","description":"The status in words."},
    "status":{"type":"integer","description":"The HTTP status."},
    "detail":{"type":"string","description":"What happened, for people."},
    "code":{"type":"string","description":"The gRPC code, like NOT_FOUND."},
    "reason":{"type":"string","description":"A stable word for programs, like ETAG_MISMATCH."},
    "violations":{"type":"array","description":"Every wrong field.","items":{"type":"object","properties":{
      "field":{"type":"string","description":"Its path, like location.latitude."},
      "description":{"type":"string","description":"What it must be."}}}},
    "traceId":{"type":"string","description":"Names the request in our logs."}}})";

constexpr absl::string_view kSecurity = R"({
  "bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT","description":"The accessToken of POST /v1/auth:signIn."}})";

std::string Singular(const std::string& collection) {
  if (absl::EndsWith(collection, "ies")) return collection.substr(0, collection.size() - 3) + "y";
  if (absl::EndsWith(collection, "s")) return collection.substr(0, collection.size() - 1);
  return collection;
}

// Path, query and header parameters, and the body of one operation.
class OperationWriter {
 public:
  OperationWriter(const Route& route, int binding, ApiSchemas& schemas, JsonText& json)
      : route_(route), rpc_(*route.rpc), binding_(binding), schemas_(schemas), json_(json) {}

  void Write(const ApiPath& path) {
    const absl::string_view comment = Documentation::Get().Of(rpc_.full_name());
    json_.BeginObject();
    json_.Member("operationId", absl::StrCat(rpc_.service()->name(), "_", rpc_.name(),
                                             binding_ > 1 ? absl::StrCat("_", binding_) : ""));
    json_.Key("tags").BeginArray().String(rpc_.service()->name()).EndArray();
    json_.Member("summary",
                 comment.empty() ? absl::string_view(rpc_.name()) : FirstSentence(comment));
    if (!comment.empty()) json_.Member("description", comment);
    json_.Key("security").Raw(IsPublic(rpc_) ? R"([{},{"bearer":[]}])" : R"([{"bearer":[]}])");
    WriteParameters(path);
    if (!route_.body.empty()) WriteBody(path);
    WriteResponses();
    json_.EndObject();
  }

 private:
  void WriteParameters(const ApiPath& path) {
    json_.Key("parameters").BeginArray();
    std::set<std::string> bound;
    for (const ApiPath::Parameter& parameter : path.parameters) {
      bound.insert(parameter.field);
      json_.BeginObject().Member("name", parameter.name).Member("in", "path");
      json_.Key("required").Bool(true).Key("schema").Raw(R"({"type":"string"})");
      json_.Member("description", parameter.description).EndObject();
    }
    if (route_.body.empty()) WriteQuery(*rpc_.input_type(), "", bound, kQueryDepth);
    WriteHeaders();
    json_.EndArray();
  }

  void WriteQuery(const Descriptor& message, const std::string& prefix,
                  const std::set<std::string>& bound, int depth) {
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (field.is_map() || bound.count(prefix + field.name()) > 0) continue;
      const Descriptor* inner = field.message_type();
      if (inner != nullptr && !IsScalarMessage(*inner)) {
        if (!field.is_repeated() && depth > 0) {
          WriteQuery(*inner, prefix + field.json_name() + ".", bound, depth - 1);
        }
        continue;
      }
      json_.BeginObject().Member("name", prefix + field.json_name()).Member("in", "query");
      if (IsRequired(field)) json_.Key("required").Bool(true);
      const absl::string_view comment = Documentation::Get().Of(field.full_name());
      if (!comment.empty()) json_.Member("description", comment);
      json_.Key("schema");
      schemas_.WriteField(field, json_);
      json_.EndObject();
    }
  }

  void WriteHeaders() {
    const auto refer = [&](absl::string_view name) {
      json_.BeginObject();
      json_.Member("$ref", absl::StrCat("#/components/parameters/", name)).EndObject();
    };
    const bool reads = route_.http_method == "GET";
    if (reads && !rpc_.server_streaming()) refer("IfNoneMatch");
    if (!reads) refer("IdempotencyKey");
    if (!reads && rpc_.input_type()->FindFieldByName("etag") != nullptr) refer("IfMatch");
    for (int i = 0; i < rpc_.input_type()->field_count(); ++i) {
      if (rpc_.input_type()->field(i)->options().GetExtension(options::v1::event_id)) {
        refer("LastEventId");
      }
    }
  }

  void WriteBody(const ApiPath& path) {
    json_.Key("requestBody").BeginObject().Key("content").BeginObject();
    if (rpc_.input_type()->full_name() == kHttpBody) {
      json_.Key("*/*").Raw(R"({"schema":{"type":"string","format":"binary"}})");
      json_.EndObject().Key("required").Bool(true).EndObject();
      return;
    }
    bool required = route_.body != "*";
    json_.Key("application/json").BeginObject().Key("schema");
    if (route_.body == "*") {
      std::set<std::string> bound;
      for (const ApiPath::Parameter& parameter : path.parameters) bound.insert(parameter.field);
      schemas_.WriteObject(*rpc_.input_type(), bound, json_);
      for (int i = 0; i < rpc_.input_type()->field_count(); ++i) {
        const FieldDescriptor& field = *rpc_.input_type()->field(i);
        required = required || (IsRequired(field) && bound.count(field.name()) == 0);
      }
    } else {
      schemas_.WriteValue(*rpc_.input_type()->FindFieldByName(route_.body), json_);
    }
    json_.EndObject().EndObject().Key("required").Bool(required).EndObject();
  }

  void WriteResponses() {
    const Descriptor& output = *rpc_.output_type();
    const bool created = route_.http_method == "POST" && route_.path.verb.empty() &&
                         route_.path.segments.back() != "*" &&
                         output.FindFieldByName("name") != nullptr;
    json_.Key("responses").BeginObject();
    if (!rpc_.options().GetExtension(options::v1::accepted_without).empty()) {
      json_.Key("202").BeginObject();
      json_.Member("description", "Accepted; ask again for the rest.").EndObject();
    }
    json_.Key(created ? "201" : "200").BeginObject();
    const absl::string_view comment = Documentation::Get().Of(output.full_name());
    json_.Member("description", comment.empty() ? absl::string_view("Done.") : comment);
    json_.Key("content").BeginObject();
    if (output.full_name() == kHttpBody) {
      json_.Key("*/*").Raw(R"({"schema":{"type":"string","format":"binary"}})");
    } else {
      json_.Key(rpc_.server_streaming() ? "text/event-stream" : "application/json");
      json_.BeginObject().Key("schema");
      if (route_.response_body.empty()) {
        schemas_.WriteMessage(output, json_);
      } else {
        schemas_.WriteValue(*output.FindFieldByName(route_.response_body), json_);
      }
      json_.EndObject();
    }
    json_.EndObject().EndObject();
    for (const absl::string_view status : {"4XX", "5XX"}) {
      json_.Key(status).Raw(R"({"$ref":"#/components/responses/Problem"})");
    }
    json_.EndObject();
  }

  const Route& route_;
  const MethodDescriptor& rpc_;
  const int binding_;
  ApiSchemas& schemas_;
  JsonText& json_;
};

}  // namespace

ApiPath ApiPathOf(const Route& route) {
  ApiPath result;
  std::string collection;
  for (size_t i = 0; i < route.path.segments.size(); ++i) {
    const std::string& segment = route.path.segments[i];
    if (segment != "*" && segment != "**") {
      absl::StrAppend(&result.text, "/", segment);
      collection = segment;
      continue;
    }
    for (const PathVariable& variable : route.path.variables) {
      if (i < variable.begin || i >= variable.end) continue;
      const bool whole = variable.begin == i;  // a variable of one segment
      const std::string name = whole ? variable.field : Singular(collection);
      result.parameters.push_back({name, variable.field,
                                   whole ? absl::StrCat("The ", variable.field, ".")
                                         : absl::StrCat("The id in ", collection, "/{id}.")});
      absl::StrAppend(&result.text, "/{", name, "}");
    }
  }
  if (!route.path.verb.empty()) absl::StrAppend(&result.text, ":", route.path.verb);
  return result;
}

bool IsPublic(const MethodDescriptor& rpc) {
  for (const int role : rpc.options().GetExtension(options::v1::access).allow()) {
    if (role == options::v1::ANYONE) return true;
  }
  return false;
}

absl::string_view FirstSentence(absl::string_view comment) {
  for (size_t i = 0; i < comment.size(); ++i) {
    if ((comment[i] == '.' || comment[i] == ':') &&
        (i + 1 == comment.size() || comment[i + 1] == ' ' || comment[i + 1] == '\n')) {
      return comment.substr(0, i);
    }
  }
  return comment;
}

std::string MakeOpenApi(const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  ApiSchemas schemas;
  Router router;
  JsonText json;
  json.BeginObject().Member("openapi", "3.1.0").Key("info").Raw(kInfo);
  json.Key("servers").Raw(R"([{"url":"/","description":"This server."}])");
  json.Key("tags").BeginArray();
  for (const auto* service : services) {
    if (!router.Add(*service).ok()) continue;  // the gateway does not start with such a service
    json.BeginObject().Member("name", service->name());
    json.Member("description", Documentation::Get().Of(service->full_name())).EndObject();
  }
  json.EndArray();

  std::map<std::string, std::map<std::string, const Route*>> paths;
  for (const auto& route : router.routes()) {
    paths[ApiPathOf(*route).text][absl::AsciiStrToLower(route->http_method)] = route.get();
  }
  std::map<const MethodDescriptor*, int> bindings;
  json.Key("paths").BeginObject();
  for (const auto& [path, operations] : paths) {
    json.Key(path).BeginObject();
    for (const auto& [method, route] : operations) {
      json.Key(method);
      OperationWriter(*route, ++bindings[route->rpc], schemas, json).Write(ApiPathOf(*route));
    }
    json.EndObject();
  }
  json.EndObject();

  json.Key("components").BeginObject();
  json.Key("schemas").BeginObject().Key("Problem").Raw(kProblemSchema);
  schemas.WriteComponents(json);
  json.EndObject();
  json.Key("parameters").Raw(kParameters).Key("responses").Raw(kResponses);
  json.Key("securitySchemes").Raw(kSecurity).EndObject().EndObject();
  return json.Take();
}

}  // namespace veche::gateway
