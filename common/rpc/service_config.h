#pragma once

#include <string>
#include <vector>

namespace google::protobuf {
class ServiceDescriptor;
}  // namespace google::protobuf

namespace veche::rpc {

// gRPC's service config for calls of `services`, in JSON. Calls are spread over all addresses of
// the service. A call whose method is declared idempotent (option idempotency_level of the proto)
// is tried up to three times when the service is UNAVAILABLE, with a random pause; all repeats
// together stay at a tenth of the calls, so that a service in trouble is not flooded. No other call
// is repeated.
std::string ServiceConfig(const std::vector<const google::protobuf::ServiceDescriptor*>& services);

}  // namespace veche::rpc
