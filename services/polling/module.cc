#include "services/polling/module.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/service/service_module.h"
#include "services/polling/storage/migrations.h"
#include "services/polling/texts.h"

namespace veche::polling {
namespace {

// The parts in the order in which they need each other.
class PollingModule final : public service::ServiceModule {
 public:
  explicit PollingModule(service::ServiceParts parts) : ServiceModule(std::move(parts)) {}

 private:
  std::vector<rpc::ServiceBuilder> Services() override { return {}; }
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreatePollingModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(service::ServiceParts parts,
                   service::OpenService(environment, {.name = "polling",
                                                      .migrations = Migrations(),
                                                      .texts = TextFiles(),
                                                      .events = true,
                                                      .event_log = true}));
  return service::BuildService(std::make_unique<PollingModule>(std::move(parts)));
}

}  // namespace veche::polling
