#include "services/migrate.h"

#include <memory>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"
#include "services/data_folder.h"
#include "services/modules.h"

namespace veche {

absl::Status MigrateServices(const config::v1::Config& config, std::ostream& out) {
  std::unique_ptr<DataFolder> folder;  // locked once a service has its database there
  for (const ModuleEntry& entry : Modules()) {
    if (entry.serves.empty() || !absl::c_linear_search(config.services(), entry.name)) continue;
    const bool embedded = rpc::StorageOf(config.storage(), entry.name).postgres_file().empty();
    if (embedded && folder == nullptr) {
      ASSIGN_OR_RETURN(folder, DataFolder::Open(config.data_dir()));
    }
    const service::Schema schema = entry.schema == nullptr ? service::Schema() : entry.schema();
    const absl::Status migrated =
        rpc::OpenMigrated(config, config.data_dir(), entry.name, service::MigrationsOf(schema))
            .status();
    if (!migrated.ok()) {
      return absl::Status(
          migrated.code(),
          absl::StrCat("The database of ", entry.name, " is not up to date: ", migrated.message()));
    }
    out << entry.name << ": up to date" << std::endl;
  }
  return absl::OkStatus();
}

}  // namespace veche
