#include <cstdio>

#include "services/gateway/module.h"
#include "services/gateway/openapi/openapi.h"

// Prints the OpenAPI document, for the linter.
int main() {
  const std::string document = veche::gateway::MakeOpenApi(veche::gateway::PublicServices());
  return std::fwrite(document.data(), 1, document.size(), stdout) == document.size() ? 0 : 1;
}
