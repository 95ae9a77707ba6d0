#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "services/directory/calls/entry_parts.h"
#include "services/directory/calls/entry_view.h"
#include "services/directory/calls/merge_fields.h"
#include "services/directory/domain/errors.h"
#include "services/directory/domain/names.h"
#include "services/directory/wire/organization_wire.h"

namespace veche::directory {

// What differs between organizations and e-services.
template <typename Entry>
struct EntryKind;

template <>
struct EntryKind<Organization> {
  using Wire = v1::Organization;
  static constexpr absl::string_view kCollection = kOrganizations;
  static absl::Status NotFound(absl::string_view name) { return OrganizationNotFound(name); }
  static auto Get(EntryStore& store, sql::Transaction& transaction, absl::string_view id) {
    return store.GetOrganization(transaction, id);
  }
  static void Check(const Organization& organization, const Snapshot& snapshot,
                    Violations& violations) {
    CheckOrganization(organization, snapshot.known, "", violations);
  }
  static Wire View(const Organization& organization, const Snapshot& snapshot,
                   const EntryParts& parts) {
    OpenClock clock(parts.calendar, parts.clock.Now());
    return ViewOf(organization,
                  organization.location ? snapshot.DistrictOf(*organization.location) : "",
                  std::nullopt, parts.links, clock);
  }
};

template <>
struct EntryKind<EService> {
  using Wire = v1::EService;
  static constexpr absl::string_view kCollection = kEServices;
  static absl::Status NotFound(absl::string_view name) { return EServiceNotFound(name); }
  static auto Get(EntryStore& store, sql::Transaction& transaction, absl::string_view id) {
    return store.GetEService(transaction, id);
  }
  static void Check(const EService& service, const Snapshot& snapshot, Violations& violations) {
    KnownIds known = snapshot.known;
    const ListedOrganization* provider =
        snapshot.entries.organizations().Find(service.organization);
    if (provider != nullptr && !provider->data.state.delete_time) {
      known.organizations.insert(service.organization);
    }
    CheckEService(service, known, "", violations);
  }
  static Wire View(const EService& service, const Snapshot&, const EntryParts&) {
    return ViewOf(service);
  }
};

// Makes the changes that editors ask for. Each change is one transaction with its entry in the
// history and the answer for the Idempotency-Key, and is in this process's snapshot afterwards.
// Thread-safe.
template <typename Entry>
class EntryEditor {
 public:
  using Kind = EntryKind<Entry>;
  using Wire = typename Kind::Wire;

  explicit EntryEditor(const EntryParts& parts) : parts_(parts) {}

  absl::StatusOr<Wire> Create(const rpc::Call& call, const Wire& wire, Violations violations) {
    ASSIGN_OR_RETURN(const auto snapshot, Newest());
    Wire settable;
    MergeFields(wire, {}, settable, violations);
    Entry entry = FromWire(settable, "", violations);
    Kind::Check(entry, *snapshot, violations);
    RETURN_IF_ERROR(violations.ToStatus());
    entry.id = parts_.ids.New();
    const absl::Time now = parts_.clock.Now();
    entry.state = {.version = 1, .create_time = now, .update_time = now, .confirm_time = now};
    Wire response;
    RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(entry.state.change, parts_.entries.BeginChange(transaction));
      RETURN_IF_ERROR(parts_.entries.Put(transaction, entry,
                                         {.version = 1,
                                          .time = now,
                                          .action = EntryAction::kCreate,
                                          .editor = call.principal().name,
                                          .fields = ChangedFields(Entry(), entry)}));
      response = Kind::View(entry, *snapshot, parts_);
      return call.Remember(transaction, response);
    }));
    Show();
    return response;
  }

  // Replaces fields as MergeFields does.
  absl::StatusOr<Wire> Update(const rpc::Call& call, const Wire& wire,
                              const google::protobuf::FieldMask& mask, absl::string_view etag,
                              const Violations& violations) {
    ASSIGN_OR_RETURN(const auto snapshot, Newest());
    return Change(call, *snapshot, wire.name(), etag, EntryAction::kUpdate,
                  [&](Entry& entry) -> absl::Status {
                    Violations found = violations;
                    Wire merged = ToWire(entry);
                    MergeFields(wire, mask, merged, found);
                    Entry changed = FromWire(merged, "", found);
                    Kind::Check(changed, *snapshot, found);
                    RETURN_IF_ERROR(found.ToStatus());
                    changed.state = entry.state;
                    entry = std::move(changed);
                    return absl::OkStatus();
                  });
  }

  absl::StatusOr<Wire> Delete(const rpc::Call& call, absl::string_view name,
                              absl::string_view etag) {
    ASSIGN_OR_RETURN(const auto snapshot, Newest());
    return Change(call, *snapshot, name, etag, EntryAction::kDelete, [&](Entry& entry) {
      entry.state.delete_time = parts_.clock.Now();
      return absl::OkStatus();
    });
  }

  absl::StatusOr<Wire> Undelete(const rpc::Call& call, absl::string_view name) {
    ASSIGN_OR_RETURN(const auto snapshot, Newest());
    return Change(call, *snapshot, name, "", EntryAction::kUndelete, [](Entry& entry) {
      entry.state.delete_time.reset();
      return absl::OkStatus();
    });
  }

  absl::StatusOr<Wire> Confirm(const rpc::Call& call, absl::string_view name,
                               absl::string_view etag) {
    ASSIGN_OR_RETURN(const auto snapshot, Newest());
    return Change(call, *snapshot, name, etag, EntryAction::kConfirm, [&](Entry& entry) {
      entry.state.confirm_time = parts_.clock.Now();
      return absl::OkStatus();
    });
  }

 private:
  // The snapshot with what another replica has just imported.
  absl::StatusOr<std::shared_ptr<const Snapshot>> Newest() {
    RETURN_IF_ERROR(parts_.snapshots.Refresh());
    return parts_.snapshots.Current();
  }

  // If this fails, the change is made all the same and the next periodic refresh shows it.
  void Show() { parts_.snapshots.Refresh().IgnoreError(); }

  // OK when the entry may undergo the action.
  absl::Status CheckState(const EntryState& state, EntryAction action, absl::string_view name) {
    if (action != EntryAction::kUndelete) {
      return state.delete_time ? Kind::NotFound(name) : absl::OkStatus();
    }
    if (!state.delete_time) return NotDeleted();
    const bool over = *state.delete_time + kRestorable <= parts_.clock.Now();
    return over ? Kind::NotFound(name) : absl::OkStatus();
  }

  absl::StatusOr<Wire> Change(const rpc::Call& call, const Snapshot& snapshot,
                              absl::string_view name, absl::string_view etag, EntryAction action,
                              absl::FunctionRef<absl::Status(Entry&)> apply) {
    Wire response;
    RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const int64_t version, parts_.entries.BeginChange(transaction));
      ASSIGN_OR_RETURN(std::optional<Entry> entry,
                       Kind::Get(parts_.entries, transaction, IdOf(Kind::kCollection, name)));
      if (!entry) return Kind::NotFound(name);
      RETURN_IF_ERROR(CheckState(entry->state, action, name));
      RETURN_IF_ERROR(CheckEtag(entry->state.version, etag));
      const Entry before = *entry;
      RETURN_IF_ERROR(apply(*entry));
      std::vector<std::string> fields = ChangedFields(before, *entry);
      if (action != EntryAction::kUpdate || !fields.empty()) {
        entry->state.version = before.state.version + 1;
        entry->state.change = version;
        entry->state.update_time = parts_.clock.Now();
        RETURN_IF_ERROR(parts_.entries.Put(transaction, *entry,
                                           {.version = entry->state.version,
                                            .time = entry->state.update_time,
                                            .action = action,
                                            .editor = call.principal().name,
                                            .fields = std::move(fields)}));
      }
      response = Kind::View(*entry, snapshot, parts_);
      return call.Remember(transaction, response);
    }));
    Show();
    return response;
  }

  const EntryParts parts_;
};

}  // namespace veche::directory
