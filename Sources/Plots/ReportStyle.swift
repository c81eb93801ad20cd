/// The looks of a report: calm, readable from a phone to a wide screen and on paper, light or dark
/// as the reader prefers.
enum ReportStyle {
    static let sheet = colours + page + text + figures + tables + comparisons + paper

    private static let colours = """
        :root{color-scheme:light dark;--ink:#1b1f24;--muted:#5b6470;--rule:#e1e5ea;--page:#f6f7f9;\
        --card:#ffffff;--code:#f0f2f5;--right:#00694c;--wrong:#a83f00;--accent:#0072b2}
        @media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--muted:#a0a8b3;--rule:#2d333b;\
        --page:#0e1013;--card:#16191e;--code:#1d2127;--right:#4fd1a8;--wrong:#f5a06b;\
        --accent:#56b4e9}}
        """

    private static let page = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.6 system-ui,\
        -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main,footer{max-width:840px;margin:0 auto;padding:0 20px}
        header{padding:56px 0 8px}
        section{padding-top:40px}
        footer{padding-top:40px;padding-bottom:56px;color:var(--muted);font-size:14px}
        footer,p,dd{overflow-wrap:anywhere}
        """

    private static let text = """
        h1{font-size:clamp(27px,5vw,38px);line-height:1.15;letter-spacing:-.02em;margin:0 0 12px;\
        text-wrap:balance}
        h2{font-size:21px;line-height:1.3;letter-spacing:-.01em;margin:0 0 12px}
        p{margin:0 0 16px;max-width:68ch;text-wrap:pretty}
        .lead{font-size:18px;color:var(--muted)}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",\
        monospace;font-size:14px}
        pre{margin:0 0 16px;padding:14px 16px;background:var(--code);border-radius:8px;\
        overflow-x:auto;line-height:1.5}
        details{margin:0 0 16px;border:1px solid var(--rule);border-radius:8px;\
        background:var(--card);padding:0 16px}
        summary{padding:12px 0;cursor:pointer;font-weight:600}
        summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);\
        outline-offset:2px}
        """

    private static let figures = """
        figure{margin:0 0 24px}
        figure>div{background:var(--card);border:1px solid var(--rule);border-radius:10px;\
        padding:6px}
        figure svg{display:block;margin:0 auto}
        figcaption{margin-top:8px;color:var(--muted);font-size:14px;line-height:1.5}
        .pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr));\
        gap:16px}
        .pictures img{display:block;width:100%;height:auto;border-radius:8px}
        .narrow{display:none}
        @media(max-width:639px){.wide{display:none}.narrow{display:block}}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:1px;\
        margin:0 0 24px;background:var(--rule);border:1px solid var(--rule);border-radius:10px;\
        overflow:hidden}
        .figures>div{background:var(--card);padding:16px 18px}
        dt{color:var(--muted);font-size:14px}
        dd{margin:0;font-size:30px;line-height:1.3;font-weight:600;letter-spacing:-.02em;\
        font-variant-numeric:tabular-nums}
        dd.note{font-size:14px;font-weight:400;letter-spacing:0;color:var(--muted)}
        """

    private static let tables = """
        .scroll{overflow-x:auto;margin:0 0 24px;background:\
        linear-gradient(90deg,var(--page) 40%,transparent) 0 0/36px 100% no-repeat local,\
        linear-gradient(270deg,var(--page) 40%,transparent) 100% 0/36px 100% no-repeat local,\
        linear-gradient(90deg,var(--rule),transparent) 0 0/14px 100% no-repeat scroll,\
        linear-gradient(270deg,var(--rule),transparent) 100% 0/14px 100% no-repeat scroll}
        table{border-collapse:collapse;width:100%;font-size:15px;line-height:1.45}
        caption{text-align:left;color:var(--muted);font-size:14px;padding-bottom:8px}
        th,td{padding:9px 14px 9px 0;text-align:left;vertical-align:top;\
        border-bottom:1px solid var(--rule)}
        th{font-size:13px;font-weight:600;color:var(--muted);vertical-align:bottom}
        tr>:first-child{min-width:8.5em}tr>:last-child{padding-right:0}
        .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        """

    private static let comparisons = """
        .comparison{background:var(--card);border:1px solid var(--rule);border-radius:10px;\
        padding:18px 20px;margin:0 0 16px}
        .prompt,.answer p,.expected{white-space:pre-line}
        .prompt{margin-bottom:10px}
        .expected{font-size:14px;color:var(--muted)}
        .answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr));\
        gap:20px}
        .answer{border-left:3px solid var(--rule);padding-left:14px}
        .answer p{margin:0}
        .answer .who{display:flex;flex-wrap:wrap;gap:0 10px;font-size:14px;font-weight:600;\
        margin-bottom:4px}
        .right{border-color:var(--right)}.right span{color:var(--right)}
        .wrong{border-color:var(--wrong)}.wrong span{color:var(--wrong)}
        """

    private static let paper = """
        @media print{:root{--ink:#000;--muted:#444;--rule:#bbb;--page:#fff;--card:#fff;\
        --code:#f4f4f4}
        body{font-size:11pt}header{padding-top:0}section{padding-top:20pt}
        figure,.comparison,.figures,tr{break-inside:avoid}h2{break-after:avoid}\
        pre{white-space:pre-wrap}.scroll{overflow:visible}}
        """
}
