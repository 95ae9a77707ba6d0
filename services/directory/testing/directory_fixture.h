#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/calendar/working_calendar.h"
#include "common/demo/demo_files.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/directory/calls/binding.h"

namespace veche::directory::testing {

inline auth::Principal Editor() {
  auth::Principal editor;
  editor.name = "staff/editor";
  editor.roles = {options::v1::EDITOR};
  return editor;
}

inline DemoFiles Kazan() { return DemoFiles::Find("kazan").value(); }

// The service without a network, on a database in memory. It is Wednesday, 2026-05-06, 12:00 in
// Moscow.
struct DirectoryFixture {
  static absl::TimeZone Moscow() {
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Moscow", &zone));
    return zone;
  }

  DirectoryFixture() {
    EXPECT_OK(sql::Migrate(*database, {rpc::IdempotencyMigrations(), Migrations()}));
    EXPECT_OK(snapshots.Refresh());
  }

  // Two districts, "west" (49..50) and "east" (50..51) between 55 and 56; the department "roads";
  // the categories "culture" and "taps", of which "taps" is a map layer.
  void ImportTown() {
    v1::ImportDirectoryRequest request;
    for (const auto& [id, west] : {std::pair("west", 49), std::pair("east", 50)}) {
      v1::District& district = *request.add_districts();
      district.set_name(absl::StrCat("districts/", id));
      district.set_title(id);
      google::protobuf::Value ring;
      for (const auto& [x, y] :
           {std::pair(0, 0), std::pair(1, 0), std::pair(1, 1), std::pair(0, 1), std::pair(0, 0)}) {
        auto& position = *ring.mutable_list_value()->add_values()->mutable_list_value();
        position.add_values()->set_number_value(west + x);
        position.add_values()->set_number_value(55 + y);
      }
      auto& fields = *district.mutable_boundary()->mutable_fields();
      fields["type"].set_string_value("Polygon");
      *fields["coordinates"].mutable_list_value()->add_values() = ring;
    }
    v1::Department& roads = *request.add_departments();
    roads.set_name("departments/roads");
    roads.set_title("Дороги");
    for (const auto& [id, title] :
         {std::pair("culture", "Культура"), std::pair("taps", "Колонки")}) {
      v1::OrganizationCategory& category = *request.add_organization_categories();
      category.set_name(absl::StrCat("organizationCategories/", id));
      category.set_title(title);
      category.set_map_layer(absl::string_view(id) == "taps");
    }
    ASSERT_OK(handlers.directory.ImportDirectory(rpc::testing::MakeCall(rpc::testing::Admin("a")),
                                                 request));
  }

  // A library in the district "west", open from 9 to 18 on workdays.
  static v1::Organization Library() {
    v1::Organization library;
    library.set_title("Центральная библиотека");
    library.set_category("organizationCategories/culture");
    library.set_address("ул. Кремлёвская, 33");
    library.mutable_location()->set_latitude(55.5);
    library.mutable_location()->set_longitude(49.5);
    v1::Phone& phone = *library.add_phones();
    phone.set_number("+7 (843) 222-44-55");
    phone.set_purpose("Абонемент");
    v1::Period& week = *library.mutable_hours()->add_periods();
    for (int day = v1::MONDAY; day <= v1::FRIDAY; ++day) {
      week.add_days(static_cast<v1::DayOfWeek>(day));
    }
    week.set_open("09:00");
    week.set_close("18:00");
    return library;
  }

  absl::StatusOr<v1::Organization> Create(const v1::Organization& organization) {
    clock.Advance(absl::Milliseconds(1));  // newer ones come first in lists
    v1::CreateOrganizationRequest request;
    *request.mutable_organization() = organization;
    return handlers.organization_edits.CreateOrganization(editor, request);
  }
  absl::StatusOr<v1::Organization> Update(const v1::Organization& organization,
                                          const std::vector<std::string>& mask = {},
                                          const std::string& etag = "") {
    v1::UpdateOrganizationRequest request;
    *request.mutable_organization() = organization;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    request.set_etag(etag);
    return handlers.organization_edits.UpdateOrganization(editor, request);
  }
  absl::StatusOr<v1::Organization> Delete(const std::string& name, const std::string& etag = "") {
    v1::DeleteOrganizationRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return handlers.organization_edits.DeleteOrganization(editor, request);
  }
  absl::StatusOr<v1::Organization> Undelete(const std::string& name) {
    v1::UndeleteOrganizationRequest request;
    request.set_name(name);
    return handlers.organization_edits.UndeleteOrganization(editor, request);
  }
  absl::StatusOr<v1::Organization> Get(const std::string& name) {
    v1::GetOrganizationRequest request;
    request.set_name(name);
    return handlers.organizations.GetOrganization(rpc::testing::MakeCall(), request);
  }
  // The titles on all pages of a list.
  std::vector<std::string> Titles(v1::ListOrganizationsRequest request) {
    std::vector<std::string> titles;
    do {
      const auto page = handlers.organizations.ListOrganizations(rpc::testing::MakeCall(), request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::Organization& one : page->organizations()) titles.push_back(one.title());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return titles;
  }

  veche::testing::FakeClock clock{
      absl::FromCivil(absl::CivilSecond(2026, 5, 6, 12, 0, 0), Moscow())};
  UlidSource ids{clock};
  WorkingCalendar calendar = WorkingCalendar::Russia(Moscow());
  std::unique_ptr<sql::Database> database = sql::testing::OpenInMemory();
  Store store;
  EntryStore entries;
  SnapshotSource snapshots{*database, store, entries};
  Handlers handlers{store,
                    {*database,
                     entries,
                     snapshots,
                     calendar,
                     clock,
                     ids,
                     {.public_url = "https://city.example.org",
                      .route_link = "https://maps.example.org/?to={latitude},{longitude}"}}};
  rpc::Call editor = rpc::testing::MakeCall(Editor());
};

}  // namespace veche::directory::testing
