#include "services/modules.h"

#include <google/protobuf/descriptor.h>

#include <set>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "services/appeals/module.h"
#include "services/classification/module.h"
#include "services/directory/module.h"
#include "services/gateway/module.h"
#include "services/identity/module.h"
#include "services/issuer/module.h"
#include "services/notifications/module.h"
#include "services/polling/module.h"

namespace veche {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

const ModuleEntry* Find(absl::Span<const ModuleEntry> modules, absl::string_view name) {
  for (const ModuleEntry& module : modules) {
    if (module.name == name) return &module;
  }
  return nullptr;
}

template <typename... Parts>
absl::Status RowFault(const ModuleEntry& row, const Parts&... parts) {
  return absl::FailedPreconditionError(
      absl::StrCat("The module table's row ", row.name, ": ", parts..., "."));
}

absl::StatusOr<const ServiceDescriptor*> Describe(const ModuleEntry& row,
                                                  absl::string_view service) {
  const ServiceDescriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(service));
  if (descriptor == nullptr) {
    return RowFault(row, "the program has no gRPC service ", service);
  }
  return descriptor;
}

// Checks that every service that `row` calls starts before it, and that `row` follows only known
// services.
absl::Status CheckPlace(const ModuleEntry& row, absl::Span<const ModuleEntry> before,
                        absl::Span<const ModuleEntry> modules) {
  if (row.name.empty() || row.name == auth::kCommands || row.name == auth::kFollowers) {
    return RowFault(row, "\"", row.name, "\" cannot be a service's name");
  }
  if (Find(before, row.name) != nullptr) return RowFault(row, "another row has this name");
  for (absl::string_view called : row.calls) {
    if (Find(before, called) != nullptr) continue;
    if (Find(modules, called) == nullptr) return RowFault(row, "there is no service ", called);
    return RowFault(row, "it calls ", called, ", which must stand before it");
  }
  for (absl::string_view followed : row.follows) {
    if (followed == row.name) return RowFault(row, "it follows itself");
    if (Find(modules, followed) == nullptr) return RowFault(row, "there is no service ", followed);
  }
  return absl::OkStatus();
}

bool Reaches(const ModuleEntry& caller, absl::string_view called) {
  return absl::c_linear_search(caller.calls, called) ||
         absl::c_linear_search(caller.follows, called);
}

// Checks that the access rules of `row` admit only services whose rows call or follow it.
absl::Status CheckRules(const ModuleEntry& row, absl::Span<const ModuleEntry> modules) {
  for (absl::string_view name : row.serves) {
    ASSIGN_OR_RETURN(const ServiceDescriptor* service, Describe(row, name));
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      ASSIGN_OR_RETURN(const auth::AccessRule rule, auth::AccessRuleOf(method));
      for (const std::string& caller : rule.services) {
        if (caller == auth::kCommands || caller == auth::kFollowers ||
            caller == auth::kEveryService) {
          continue;
        }
        const ModuleEntry* entry = Find(modules, caller);
        if (entry == nullptr || !Reaches(*entry, row.name)) {
          return RowFault(row, "the access rule of ", method.full_name(), " admits ", caller,
                          ", whose row does not call or follow ", row.name);
        }
      }
    }
  }
  return absl::OkStatus();
}

// Whether a method of `called` admits `caller`: the rule names `caller` or also admits people.
absl::StatusOr<bool> Admits(const ModuleEntry& called, absl::string_view caller) {
  for (absl::string_view name : called.serves) {
    ASSIGN_OR_RETURN(const ServiceDescriptor* service, Describe(called, name));
    for (int i = 0; i < service->method_count(); ++i) {
      ASSIGN_OR_RETURN(const auth::AccessRule rule, auth::AccessRuleOf(*service->method(i)));
      if (rule.services.contains(caller) || rule.roles != auth::Roles{options::v1::SERVICE}) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

absl::Span<const ModuleEntry> Modules() {
  static const std::vector<ModuleEntry> modules = {
      {.name = "identity",
       .create = identity::CreateIdentityModule,
       .schema = identity::DatabaseSchema,
       .serves = {"veche.identity.v1.Identity", "veche.identity.v1.Messages",
                  "veche.identity.v1.Feedback", "veche.identity.v1.Sessions"}},
      {.name = "directory",
       .create = directory::CreateDirectoryModule,
       .schema = directory::DatabaseSchema,
       .serves = {"veche.directory.v1.Directory", "veche.directory.v1.Organizations",
                  "veche.directory.v1.EServices", "veche.directory.v1.OrganizationFiles"}},
      {.name = "classification",
       .create = classification::CreateClassificationModule,
       .schema = classification::DatabaseSchema,
       .serves = {"veche.classification.v1.Classification"},
       .calls = {"directory"},
       .follows = {"appeals"}},
      {.name = "appeals",
       .create = appeals::CreateAppealsModule,
       .schema = appeals::DatabaseSchema,
       .serves = {"veche.appeals.v1.Appeals", "veche.appeals.v1.Attachments",
                  "veche.appeals.v1.RoutingRules"},
       .calls = {"identity", "directory", "classification"},
       .follows = {"polling"}},
      {.name = "issuer",
       .create = issuer::CreateIssuerModule,
       .schema = issuer::DatabaseSchema,
       .serves = {"veche.issuer.v1.Issuer"},
       .calls = {"identity"}},
      {.name = "polling",
       .create = polling::CreatePollingModule,
       .schema = polling::DatabaseSchema,
       .serves = {"veche.polling.v1.Polls", "veche.polling.v1.Initiatives",
                  "veche.polling.v1.Discussions"},
       .calls = {"identity", "directory", "classification", "appeals", "issuer"}},
      {.name = "notifications",
       .create = notifications::CreateNotificationsModule,
       .schema = notifications::DatabaseSchema,
       .serves = {"veche.notifications.v1.Notifications", "veche.notifications.v1.Alerts",
                  "veche.notifications.v1.Subscriptions", "veche.notifications.v1.Deliveries",
                  "veche.notifications.v1.Contacts"},
       .calls = {"identity", "directory", "appeals"},
       .follows = {"appeals", "polling", "identity"}},
      {.name = "gateway",
       .create = gateway::CreateGatewayModule,
       .calls = {"identity", "directory", "classification", "appeals", "polling", "notifications"}},
  };
  return modules;
}

absl::Status CheckModules(absl::Span<const ModuleEntry> modules) {
  std::set<absl::string_view> served;
  for (size_t i = 0; i < modules.size(); ++i) {
    const ModuleEntry& row = modules[i];
    RETURN_IF_ERROR(CheckPlace(row, modules.first(i), modules));
    RETURN_IF_ERROR(CheckRules(row, modules));
    for (absl::string_view service : row.serves) {
      if (!served.insert(service).second) {
        return RowFault(row, "another row serves ", service, " already");
      }
    }
    for (absl::string_view called : row.calls) {
      ASSIGN_OR_RETURN(const bool admitted, Admits(*Find(modules, called), row.name));
      if (!admitted) return RowFault(row, "no access rule of ", called, " admits it");
    }
  }
  return absl::OkStatus();
}

}  // namespace veche
