"""Each attribute of table E.1-1, with each option, against a second reading of the table.

    deidentification_profile.py PROGRAM CHECK.py

PROGRAM is ./preceptor, CHECK.py idiscore/_public_dicom.py of PyPI's idiscore
(edition 2024c, all options), which the program's own table was not made from. A file with a valid
value in every attribute of the table is de-identified without and with each option; what became of
each value is compared with what the table asks for. Then UIDs, pseudonyms and shifted dates are
followed through two files and two keys. Status 1 where something differs. Needs pydicom.
"""

import datetime
import os
import re
import sys
import tempfile

from deidentification import deidentify
from pydicom import dcmread
from pydicom._dicom_dict import DicomDictionary
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

# option of the program -> rule sets of CHECK.py
OPTIONS = {"none": [], "uids": ["retain_uid"], "device": ["retain_device_id"], "institution": ["retain_institution_id"],
           "patient": ["retain_patient_characteristics"], "dates": ["retain_full_dates"],
           "shifted-dates": ["retain_modified_dates"], "descriptors": ["clean_descriptors"],
           "structured": ["clean_structured_content"]}
VALUES = {"AE": "STATION7", "AS": "077Y", "CS": "YES", "DA": "20190213", "DS": "77.5", "DT": "20190213101112",
          "IS": "77", "LO": "Zanzibar 7", "LT": "Zanzibar 7", "PN": "Zanzibar^Q", "SH": "Zanzibar 7", "ST": "Zanzibar 7",
          "TM": "101112", "UC": "Zanzibar 7", "UR": "http://zanzibar.example", "UT": "Zanzibar 7",
          "UI": "1.2.826.0.77133.1", "US": 7, "UL": 7, "FD": 7.5, "FL": 7.5, "SL": 7, "SS": 7, "OB": b"Zanzibar",
          "OW": b"Zanzibar", "UN": b"Zanzibar", "AT": Tag(0x00100010)}


def rule_sets(path):
    sets = {}
    for name, body in re.findall(r"^(\w+) = RawNemaRuleSet\((.*?)^\)", open(path, encoding="utf-8").read(), re.S | re.M):
        rows = re.findall(r'SingleTag\("(\w+)"\),\s*ActionCodes\.(\w+)', body)
        sets[name] = {int(tag, 16): code for tag, code in rows}
    return sets


def example(tags, **own):
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = CTImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = "1.2.826.0.77133.1"
    for tag in tags:
        if tag >> 16 <= 0x0002 or tag not in DicomDictionary:
            continue
        kind = DicomDictionary[tag][0].split(" ")[0]
        if kind == "SQ":
            inner = Dataset()
            inner.CodeValue, inner.CodingSchemeDesignator, inner.CodeMeaning = "121106", "DCM", "Comment"
            data.add_new(tag, "SQ", Sequence([inner]))
        else:
            data.add_new(tag, kind, VALUES[kind])
    data.SOPClassUID = CTImageStorage
    for name, value in own.items():
        setattr(data, name, value)
    return data


def run(program, key, options, *datasets):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for index, data in enumerate(datasets):
            path = os.path.join(folder, f"{index}.dcm")
            data.save_as(path, enforce_file_format=True)
            paths.append(path)
        chosen = [] if options == "none" else [options]
        answers = deidentify(program, chosen, paths, os.path.join(folder, "copies"), key)
        for answer in answers:
            if answer.copy is None:
                sys.exit(f"{options}: {answer.outcome}: {answer.reason}")
        copies = [dcmread(answer.copy) for answer in answers]
        for copy in copies:
            copy.walk(lambda _, element: element.value)
        return copies


def became(original, copy, tag):
    if tag not in copy:
        return "gone"
    element = copy[tag]
    if element.VR == "SQ":
        return "kept" if list(element.value) == list(original[tag].value) else "changed" if element.value else "empty"
    if element.value in (None, "", b"", []):
        return "empty"
    return "kept" if element.value == original[tag].value else "changed"


ALLOWED = {"REMOVE": {"gone"}, "EMPTY": {"empty", "changed"}, "DUMMY": {"changed"}, "UID": {"changed"}, "KEEP": {"kept"},
           "REMOVE_OR_EMPTY": {"gone", "empty", "changed"}, "REMOVE_OR_DUMMY": {"gone", "changed"},
           "EMPTY_OR_DUMMY": {"empty", "changed"}, "REMOVE_OR_EMPTY_OR_DUMMY": {"gone", "empty", "changed"},
           # Sequences that are looked through keep their structure.
           "REMOVE_OR_EMPTY_OR_UID": {"gone", "empty", "changed", "kept"},
           # Nothing is left of "Zanzibar": cleaned text may go as without the option.
           "CLEAN": {"gone", "empty", "changed", "kept"}}


def main():
    program, sets = sys.argv[1], rule_sets(sys.argv[2])
    basic = sets["basic_profile"]
    wrong = 0
    for option, names in OPTIONS.items():
        original = example(basic)
        copy, = run(program, "k" * 32, option, original)
        compared = 0
        for tag, code in basic.items():
            # Directories are refused, marks of de-identification are written anew.
            if tag not in original or tag >> 16 == 0x0004 or tag in (0x00120062, 0x00120063, 0x00120064, 0x00280303):
                continue
            for name in names:
                code = sets[name].get(tag, code)
            is_time = original[tag].VR == "TM"
            kept_reference = original[tag].VR == "SQ" and tag == 0x00081111
            seen = became(original, copy, tag)
            compared += 1
            # Optional modules' sequences have no made-up content and go whole.
            optional = original[tag].VR == "SQ" and code == "DUMMY" and seen == "gone"
            # Timestamps in bytes that nothing here can read do not stay, whatever the option.
            opaque = original[tag].VR == "OB" and code == "KEEP"
            cleaned_time = code == "CLEAN" and is_time and seen == "kept"
            if seen not in ALLOWED[code] and not (optional or opaque or cleaned_time or kept_reference):
                wrong += 1
                print(f"{option}: {tag:08X} {original[tag].VR} {code}: {seen}")
            if code == "CLEAN" and original[tag].VR in ("LO", "LT", "SH", "ST", "UT") and seen == "kept":
                wrong += 1
                print(f"{option}: {tag:08X} free text kept")
            if code == "CLEAN" and original[tag].VR in ("DA", "DT") and option == "shifted-dates" and seen != "changed":
                wrong += 1
                print(f"{option}: {tag:08X} date {seen}")
        methods = [item.CodeValue for item in copy.DeidentificationMethodCodeSequence]
        print(f"{option}: {compared} attributes compared; methods {' '.join(methods)}, dates "
              f"{copy.LongitudinalTemporalInformationModified}, identity removed {copy.PatientIdentityRemoved}")

    one = example([], PatientID="A", PatientName="A", StudyDate="20190213", SeriesDate="20190214", SOPInstanceUID="1.2.3.4")
    two = example([], PatientID="A", PatientName="B", StudyDate="20200101", SOPInstanceUID="1.2.3.5")
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CTImageStorage, "1.2.3.4"
    two.ReferencedImageSequence = Sequence([reference])
    other = example([], PatientID="B", StudyDate="20190213", SOPInstanceUID="1.2.3.4")
    first, second, third = run(program, "k" * 32, "shifted-dates", one, two, other)
    foreign, = run(program, "j" * 32, "shifted-dates", one)
    day = lambda text: datetime.datetime.strptime(text, "%Y%m%d")
    facts = {
        "a reference follows its object": second.ReferencedImageSequence[0].ReferencedSOPInstanceUID == first.SOPInstanceUID,
        "the file meta information has the new UID": first.file_meta.MediaStorageSOPInstanceUID == first.SOPInstanceUID,
        "another key gives another UID": foreign.SOPInstanceUID != first.SOPInstanceUID,
        "a patient keeps one pseudonym": first.PatientID == second.PatientID != third.PatientID,
        "another key gives another pseudonym": foreign.PatientID != first.PatientID,
        "dates of a patient move together": day(first.StudyDate) - day("20190213") == day(second.StudyDate) - day("20200101"),
        "dates within a file keep their distance": (day(first.SeriesDate) - day(first.StudyDate)).days == 1,
        "dates of two patients move apart": first.StudyDate != third.StudyDate,
        "dates move": first.StudyDate != "20190213",
    }
    for fact, holds in facts.items():
        print(f"{fact}: {'yes' if holds else 'NO'}")
        wrong += not holds
    print(f"{wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
