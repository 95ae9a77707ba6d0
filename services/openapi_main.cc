#include <google/protobuf/descriptor.h>

#include <cstdio>

#include "services/gateway/openapi/openapi.h"
#include "services/modules.h"

// Prints the OpenAPI document of all services, for the linter.
int main() {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const veche::ModuleEntry& module : veche::Modules()) {
    for (absl::string_view name : module.serves) {
      services.push_back(
          google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(name)));
    }
  }
  const std::string document = veche::gateway::MakeOpenApi(services);
  return std::fwrite(document.data(), 1, document.size(), stdout) == document.size() ? 0 : 1;
}
