#include "common/rpc/service_config.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include "common/base/json_text.h"

namespace veche::rpc {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;
using google::protobuf::ServiceDescriptor;

std::vector<const MethodDescriptor*> IdempotentMethods(
    const std::vector<const ServiceDescriptor*>& services) {
  std::vector<const MethodDescriptor*> methods;
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      if (method.options().idempotency_level() != MethodOptions::IDEMPOTENCY_UNKNOWN) {
        methods.push_back(&method);
      }
    }
  }
  return methods;
}

void WriteRetries(const std::vector<const MethodDescriptor*>& methods, JsonText& json) {
  json.BeginObject().Key("name").BeginArray();
  for (const MethodDescriptor* method : methods) {
    json.BeginObject().Member("service", method->service()->full_name());
    json.Member("method", method->name()).EndObject();
  }
  json.EndArray().Key("retryPolicy").BeginObject();
  json.Key("maxAttempts").Number(3);
  json.Member("initialBackoff", "0.05s").Member("maxBackoff", "0.5s");
  json.Key("backoffMultiplier").Number(2);
  json.Key("retryableStatusCodes").BeginArray().String("UNAVAILABLE").EndArray();
  json.EndObject().EndObject();
}

}  // namespace

std::string ServiceConfig(const std::vector<const ServiceDescriptor*>& services) {
  JsonText json;
  json.BeginObject();
  json.Key("loadBalancingConfig").BeginArray();
  json.BeginObject().Key("round_robin").BeginObject().EndObject().EndObject();
  json.EndArray();
  json.Key("retryThrottling").BeginObject();
  json.Key("maxTokens").Number(20).Key("tokenRatio").Raw("0.1").EndObject();
  json.Key("methodConfig").BeginArray();
  const std::vector<const MethodDescriptor*> methods = IdempotentMethods(services);
  if (!methods.empty()) WriteRetries(methods, json);
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace veche::rpc
