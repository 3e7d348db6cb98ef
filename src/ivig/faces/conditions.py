"""The words for conditions and allergies: any spelling → the slug that the rules use.

A word close to a known one is never passed over in silence: "hyperprolinemi" is asked back, for a
rule that does not fire because of a typing error is the worst thing a plan can do.
"""

import difflib
import re
import unicodedata

from ivig.errors import InputError


def slug(text: str) -> str:
    """Lower case, words joined by "_", accents and marks dropped; other alphabets are kept."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in ".'’")
    return re.sub(r"[\W_]+", "_", plain).strip("_")


_SYNONYMS = {
    "acute_kidney_injury": "aki, acute renal failure, acute kidney failure, acute renal injury, "
    "anuria, anuric, oliguria, oliguric",
    "asthma": "",
    "atrial_fibrillation": "af, afib, atrial flutter",
    "bronchiectasis": "",
    "cancer": "malignancy, active cancer, breast cancer, lung cancer, prostate cancer, "
    "colorectal cancer, lymphoma, leukaemia, malignant tumour, malignant tumor, carcinoma",
    "central_venous_catheter": "central line, cvc, picc, picc line, portacath, port, hickman line, "
    "indwelling central venous catheter, indwelling central vascular catheter, indwelling catheter",
    "chronic_lung_disease": "chronic pulmonary disease, copd, interstitial lung disease",
    "ckd": "chronic kidney disease, chronic renal disease, chronic renal failure, kidney disease, "
    "chronic kidney failure, renal impairment, kidney impairment, renal insufficiency, "
    "chronic renal insufficiency, renal disease, renal dysfunction, dialysis, haemodialysis, "
    "peritoneal dialysis, end stage renal disease, end stage kidney disease, esrd, eskd",
    "corn_allergy": "corn, maize, maize allergy, allergy to corn, corn hypersensitivity",
    "coronary_artery_disease": "ischaemic heart disease, ihd, coronary heart disease, angina, "
    "coronary disease",
    "diabetes": "diabetes mellitus, t1dm, t2dm, type 1 diabetes, type 2 diabetes",
    "fructose_malabsorption": "dietary fructose intolerance",
    "haemolysis": "haemolytic anaemia, previous haemolysis",
    "heart_failure": "hf, chf, congestive heart failure, cardiac failure, cardiac insufficiency",
    "hereditary_fructose_intolerance": "hfi, aldolase b deficiency, fructosaemia",
    "hyaluronidase_allergy": "hyaluronidase, recombinant human hyaluronidase, "
    "allergy to hyaluronidase, hyaluronidase hypersensitivity, vorhyaluronidase alfa",
    "hyperlipidaemia": "hypercholesterolaemia, dyslipidaemia, hypertriglyceridaemia",
    "hyperprolinaemia": "hyperprolinaemia type i, hyperprolinaemia type ii, "
    "hyperprolinaemia type 1, hyperprolinaemia type 2, proline oxidase deficiency, prolinaemia",
    "hypertension": "high blood pressure, arterial hypertension, htn",
    "hyperviscosity": "hyperviscosity syndrome, serum hyperviscosity",
    "hypotension": "low blood pressure",
    "iga_deficiency": "selective iga deficiency, sigad, iga deficient, absent iga",
    "igm_gammopathy": "igm paraprotein, igm paraproteinaemia, igm monoclonal gammopathy, igm mgus",
    "influenza": "flu",
    "immobility": "immobile, immobilised, immobilized, immobilisation, immobilization, bedbound, "
    "prolonged immobilisation, prolonged immobilization, bed rest",
    "latex_allergy": "latex, allergy to latex, rubber latex",
    "liver_disease": "cirrhosis, hepatic impairment",
    "migraine": "migraine with aura, migraine without aura",
    "myocardial_infarction": "mi, heart attack, stemi, nstemi, acute coronary syndrome",
    "nephrotic_syndrome": "nephrosis",
    "nephrotoxic_drugs": "nephrotoxic drug, nephrotoxins, nephrotoxic medication, aminoglycoside",
    "obesity": "obese, morbid obesity",
    "oestrogen_use": "oestrogen, oestrogens, oestrogen therapy, hormone replacement therapy, hrt, "
    "combined oral contraceptive, oral contraceptive, birth control pill",
    "paraproteinaemia": "monoclonal gammopathy, mgus, paraprotein, m protein, "
    "monoclonal gammopathy of undetermined significance",
    "peripheral_arterial_disease": "peripheral vascular disease, claudication",
    "polysorbate_80_allergy": "polysorbate 80, polysorbate, tween 80, polysorbate allergy",
    "pregnancy": "pregnant",
    "previous_aseptic_meningitis": "aseptic meningitis, aseptic meningitis syndrome, "
    "aseptic meningitis after ivig",
    "protein_losing_enteropathy": "ple, intestinal lymphangiectasia",
    "pulmonary_embolism": "pe, lung embolism",
    "sepsis": "septic shock, septicaemia",
    "smoking": "smoker, current smoker, tobacco",
    "splenectomy": "asplenia, asplenic",
    "stroke": "cva, cerebrovascular accident, ischaemic stroke, haemorrhagic stroke, "
    "cerebral infarction, cerebral infarct, lacunar stroke, cerebrovascular disease",
    "thrombophilia": "hypercoagulable state, hypercoagulability, factor v leiden, "
    "antiphospholipid syndrome, antiphospholipid antibodies, protein c deficiency, "
    "protein s deficiency, antithrombin deficiency, prothrombin gene mutation",
    "tia": "transient ischaemic attack, mini stroke",
    "venous_thromboembolism": "vte, dvt, deep vein thrombosis, deep venous thrombosis, "
    "venous thrombosis, sinus vein thrombosis",
    "volume_depletion": "dehydration, dehydrated, hypovolaemia, volume depleted, hypovolaemic",
}

_IMPLIED = {"igm_gammopathy": "paraproteinaemia", "pulmonary_embolism": "venous_thromboembolism"}

_LASTING = (
    "acute_kidney_injury",
    "cancer",
    "haemolysis",
    "migraine",
    "myocardial_infarction",
    "pulmonary_embolism",
    "stroke",
    "tia",
    "venous_thromboembolism",
)
"""Conditions that remain a risk once they have happened: "previous stroke" is a stroke."""

_AMBIGUOUS = {
    "allergy_to_immunoglobulin": "history: {reaction_to_ig: what happened}",
    "anaphylaxis": "history: {reaction_to_ig: anaphylaxis} when immunoglobulin caused it, "
    "else the name of what caused it, such as penicillin_allergy",
    "anti_iga": "history: {anti_iga: true}",
    "anti_iga_antibodies": "history: {anti_iga: true}",
    "blood_clot": "venous_thromboembolism, pulmonary_embolism, stroke or myocardial_infarction",
    "cad": "coronary_artery_disease or cold_agglutinin_disease",
    "dm": "diabetes or dermatomyositis",
    "fructose": "hereditary_fructose_intolerance or fructose_malabsorption",
    "fructose_intolerance": "hereditary_fructose_intolerance or fructose_malabsorption",
    "immunoglobulin": "history: {reaction_to_ig: what happened}",
    "immunoglobulin_allergy": "history: {reaction_to_ig: what happened}",
    "ivig": "history: {reaction_to_ig: what happened}",
    "ivig_allergy": "history: {reaction_to_ig: what happened}",
    "kidney_failure": "ckd or acute_kidney_injury",
    "none": "[] for an empty list",
    "no_known_allergies": "[] for an empty list",
    "nkda": "[] for an empty list",
    "pad": "peripheral_arterial_disease, or leave out a primary antibody deficiency",
    "proline": "hyperprolinaemia, or leave it out",
    "renal_failure": "ckd or acute_kidney_injury",
    "sorbitol": "hereditary_fructose_intolerance or fructose_malabsorption",
    "sorbitol_intolerance": "hereditary_fructose_intolerance or fructose_malabsorption",
    "thrombosis": "venous_thromboembolism, pulmonary_embolism, stroke or myocardial_infarction",
    "unknown": "leave the whole list out: what is absent is unknown",
}
"""Words that could mean two things, of which one is dangerous: the writer is asked."""


def spelling_key(text: str) -> str:
    """The slug without gaps and with British ae and oe as e, so that all spellings meet."""
    return slug(text).replace("_", "").replace("ae", "e").replace("oe", "e")


def _vocabulary() -> dict[str, str]:
    known: dict[str, str] = {}
    for name, synonyms in _SYNONYMS.items():
        words = [name, *(word for word in synonyms.split(", ") if word)]
        if name in _LASTING:
            past = ("previous", "past", "prior", "history of")
            words += [f"{before} {word}" for word in words for before in past]
        known |= {spelling_key(word): name for word in words}
    return known


_ASK_BACK = {spelling_key(word): wanted for word, wanted in _AMBIGUOUS.items()}

CONDITIONS: dict[str, str] = _vocabulary()
"""Spelling key of every known condition, allergy and synonym → its canonical slug."""


def recognise(words: list[str], field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The slugs of the words, and those of them that no rule knows.

    Raises
    ------
    InputError
        A word that is nearly a known one, or that could mean two things.
    """
    slugs = [_slug_of(word, f"{field}[{i}]", field) for i, word in enumerate(words)]
    known = set(CONDITIONS.values())
    slugs += [_IMPLIED[name] for name in slugs if name in _IMPLIED]
    return tuple(dict.fromkeys(slugs)), tuple(dict.fromkeys(s for s in slugs if s not in known))


def _slug_of(word: str, where: str, field: str) -> str:
    key = spelling_key(word)
    candidates = [key, key.removesuffix("s"), re.sub("ies$", "y", key)]
    if field == "allergies":
        candidates.append(f"{key}allergy")
    for candidate in candidates:
        if candidate in CONDITIONS:
            return CONDITIONS[candidate]
    if key in _ASK_BACK:
        raise InputError(where, word, _ASK_BACK[key])
    close = _nearly(key)
    if close is not None:
        wanted = f"did you mean {close}? A different condition can stand in note"
        raise InputError(where, word, wanted)
    return slug(word)


def _nearly(key: str) -> str | None:
    if len(key) < _SHORTEST or key in _LOOKALIKES:
        return None
    long = [known for known in CONDITIONS if len(known) >= _SHORTEST]
    cutoff = 0.8 if len(key) <= 8 else 0.85  # one letter wrong in six, two in thirteen
    close = difflib.get_close_matches(key, long, n=1, cutoff=cutoff)
    return CONDITIONS[close[0]] if close else None


_LOOKALIKES = {spelling_key(word) for word in ("igg deficiency", "igm deficiency")}
"""Words of their own that happen to resemble a known one."""

_SHORTEST = 5
"""Abbreviations of three letters resemble each other too much to be guessed at."""
