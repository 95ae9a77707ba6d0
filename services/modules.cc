#include "services/modules.h"

#include "services/appeals/module.h"
#include "services/classification/module.h"
#include "services/directory/module.h"
#include "services/gateway/module.h"
#include "services/identity/module.h"
#include "services/notifications/module.h"

namespace veche {

absl::Span<const ModuleEntry> Modules() {
  static const std::vector<ModuleEntry> modules = {
      {"identity", identity::CreateIdentityModule, {}},
      {"directory", directory::CreateDirectoryModule, {}},
      {"classification", classification::CreateClassificationModule, {}, {"appeals"}},
      {"appeals", appeals::CreateAppealsModule, {"identity", "directory", "classification"}},
      {"notifications", notifications::CreateNotificationsModule, {"appeals"}},
      {"gateway",
       gateway::CreateGatewayModule,
       {"identity", "directory", "classification", "appeals", "notifications"}},
  };
  return modules;
}

}  // namespace veche
