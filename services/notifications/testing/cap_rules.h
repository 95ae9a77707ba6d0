#pragma once

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/notifications/feeds/xml_reader.h"

// The rules of CAP 1.2 (OASIS CAP-v1.2-os, 3.2 and 3.3) as a table, because no package has the
// schema: elements in the order of their sequence, how often each may be there, and what it holds.

namespace veche::notifications::testing {

struct CapRule {
  const char* name;
  bool required = false;
  bool repeated = false;
  const char* pattern = ".*";                      // of the text
  const std::vector<CapRule>* children = nullptr;  // null: an element with a text
};

inline const char kCapWord[] = "[^\\s,<&]+";  // no spaces, commas or restricted characters
inline const char kCapTime[] = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[-+]\\d\\d:\\d\\d";
inline const char kCapText[] = "[\\s\\S]+";

inline const std::vector<CapRule>& CapRules() {
  static const std::string* const references = new std::string(
      absl::StrCat("[^\\s,<&]+,[^\\s,<&]+,", kCapTime, "( [^\\s,<&]+,[^\\s,<&]+,", kCapTime, ")*"));
  static const char kNumber[] = "-?\\d+(\\.\\d+)?";
  static const std::string* const polygon =
      new std::string(absl::StrCat(kNumber, ",", kNumber, "( ", kNumber, ",", kNumber, "){3,}"));
  static const std::string* const circle =
      new std::string(absl::StrCat(kNumber, ",", kNumber, " ", kNumber));
  static const std::vector<CapRule>* const pair =
      new std::vector<CapRule>{{"valueName", true, false, kCapText}, {"value", true, false}};
  static const std::vector<CapRule>* const resource =
      new std::vector<CapRule>{{"resourceDesc", true, false, kCapText},
                               {"mimeType", true, false, "[a-z]+/[-+.a-z0-9]+"},
                               {"size", false, false, "\\d+"},
                               {"uri", false, false, "[a-z]+:[^\\s]+"},
                               {"derefUri"},
                               {"digest", false, false, "[0-9a-f]{40}"}};
  static const std::vector<CapRule>* const area = new std::vector<CapRule>{
      {"areaDesc", true, false, kCapText},      {"polygon", false, true, polygon->c_str()},
      {"circle", false, true, circle->c_str()}, {"geocode", false, true, kCapText, pair},
      {"altitude", false, false, kNumber},      {"ceiling", false, false, kNumber}};
  static const std::vector<CapRule>* const info = new std::vector<CapRule>{
      {"language", false, false, "[a-zA-Z]{2,3}(-[a-zA-Z0-9]+)*"},
      {"category", true, true,
       "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other"},
      {"event", true, false, kCapText},
      {"responseType", false, true,
       "Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None"},
      {"urgency", true, false, "Immediate|Expected|Future|Past|Unknown"},
      {"severity", true, false, "Extreme|Severe|Moderate|Minor|Unknown"},
      {"certainty", true, false, "Observed|Likely|Possible|Unlikely|Unknown"},
      {"audience"},
      {"eventCode", false, true, kCapText, pair},
      {"effective", false, false, kCapTime},
      {"onset", false, false, kCapTime},
      {"expires", false, false, kCapTime},
      {"senderName", false, false, kCapText},
      {"headline", false, false, kCapText},
      {"description", false, false, kCapText},
      {"instruction", false, false, kCapText},
      {"web", false, false, "[a-z]+:[^\\s]+"},
      {"contact"},
      {"parameter", false, true, kCapText, pair},
      {"resource", false, true, kCapText, resource},
      {"area", false, true, kCapText, area}};
  static const std::vector<CapRule>* const alert =
      new std::vector<CapRule>{{"identifier", true, false, kCapWord},
                               {"sender", true, false, kCapWord},
                               {"sent", true, false, kCapTime},
                               {"status", true, false, "Actual|Exercise|System|Test|Draft"},
                               {"msgType", true, false, "Alert|Update|Cancel|Ack|Error"},
                               {"source"},
                               {"scope", true, false, "Public|Restricted|Private"},
                               {"restriction"},
                               {"addresses"},
                               {"code", false, true},
                               {"note", false, false, kCapText},
                               {"references", false, false, references->c_str()},
                               {"incidents"},
                               {"info", false, true, kCapText, info}};
  return *alert;
}

// Where `element` breaks `rules`: nothing for a correct one.
inline void FindCapFaults(const XmlElement& element, const std::vector<CapRule>& rules,
                          const std::string& path, std::vector<std::string>& faults) {
  size_t rule = 0;
  std::set<std::string> seen;
  for (const XmlElement& child : element.children) {
    const std::string place = absl::StrCat(path, ".", child.name);
    size_t found = rule;
    while (found < rules.size() && child.name != rules[found].name) ++found;
    if (found == rules.size()) {
      faults.push_back(absl::StrCat(place, " is unknown or in a wrong place"));
      continue;
    }
    rule = found;
    if (!seen.insert(child.name).second && !rules[rule].repeated) {
      faults.push_back(absl::StrCat(place, " is repeated"));
    }
    if (child.space != element.space) faults.push_back(absl::StrCat(place, " is of another space"));
    if (rules[rule].children != nullptr) {
      FindCapFaults(child, *rules[rule].children, place, faults);
    } else if (!std::regex_match(child.text, std::regex(rules[rule].pattern))) {
      faults.push_back(absl::StrCat(place, " is \"", child.text, "\""));
    }
  }
  for (const CapRule& required : rules) {
    if (required.required && !seen.contains(required.name)) {
      faults.push_back(absl::StrCat(path, ".", required.name, " is missing"));
    }
  }
}

// The faults of a whole message; with the rules between elements.
inline std::vector<std::string> CapFaults(const XmlElement& alert) {
  std::vector<std::string> faults;
  if (alert.name != "alert" || alert.space != "urn:oasis:names:tc:emergency:cap:1.2") {
    faults.push_back(absl::StrCat("the root is ", alert.name, " of ", alert.space));
  }
  FindCapFaults(alert, CapRules(), "alert", faults);
  const std::string type = alert.TextOf("msgType");
  if ((type == "Update" || type == "Cancel") && alert.TextOf("references").empty()) {
    faults.push_back("alert.references is missing");
  }
  for (const XmlElement& info : alert.children) {
    if (info.name != "info") continue;
    for (const XmlElement& area : info.children) {
      for (const XmlElement& polygon : area.children) {
        if (polygon.name != "polygon") continue;
        const std::string& text = polygon.text;
        if (text.substr(0, text.find(' ')) != text.substr(text.rfind(' ') + 1)) {
          faults.push_back("alert.info.area.polygon is not closed");
        }
      }
    }
  }
  return faults;
}

}  // namespace veche::notifications::testing
